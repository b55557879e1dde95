import assert from 'node:assert/strict'

export interface ReceivedEvent {
  readonly name: string
  // biome-ignore lint/suspicious/noExplicitAny: the data of an event is whatever the server sent; tests assert what they read.
  readonly data: any
}

/** One client of GET /events/, which reads all the time. */
export interface Following {
  /** What has come so far. */
  readonly received: readonly ReceivedEvent[]
  readonly names: readonly string[]
  /** How many comment lines have come. */
  readonly heartbeats: number
  /** The next event of this name that was not waited for yet. */
  next(name: string): Promise<ReceivedEvent>
  /** Resolves when the server has ended the stream; rejects when it was cut. */
  readonly ended: Promise<void>
  leave(): void
}

/** Resolves once the stream has begun: what happens from then on is received. */
export async function followEvents(address: string, token: string): Promise<Following> {
  const leaving = new AbortController()
  const answer = await fetch(`${address}/api/auth/events/`, {
    headers: { authorization: `Bearer ${token}` },
    signal: leaving.signal,
  })
  if (!answer.ok) assert.fail(await answer.text())
  assert.equal(answer.headers.get('content-type'), 'text/event-stream')
  const received: ReceivedEvent[] = []
  const taken = new Map<string, number>()
  let heartbeats = 0
  let wake = Promise.withResolvers<void>()
  let isOver = false

  const read = async () => {
    let text = ''
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk
      const blocks = text.split('\n\n')
      text = blocks.pop()!
      for (const block of blocks) {
        const event = /^event: (\w+)\ndata: (.*)$/.exec(block)
        if (event === null) assert.equal(block, ':')
        if (event === null) heartbeats += 1
        else received.push({ name: event[1]!, data: JSON.parse(event[2]!) })
      }
      wake.resolve()
      wake = Promise.withResolvers()
    }
    assert.equal(text, '')
  }
  const ended = read().finally(() => {
    isOver = true
    wake.resolve()
  })
  ended.catch(() => {})

  const next = async (name: string): Promise<ReceivedEvent> => {
    const index = taken.get(name) ?? 0
    for (;;) {
      const found = received.filter(event => event.name === name)[index]
      if (found !== undefined) {
        taken.set(name, index + 1)
        return found
      }
      assert.ok(!isOver, `the stream ended without ${name}: ${received.map(each => each.name)}`)
      await wake.promise
    }
  }
  await next('hello')
  return {
    received: received,
    get names() {
      return received.map(({ name }) => name)
    },
    get heartbeats() {
      return heartbeats
    },
    next,
    ended,
    leave: () => leaving.abort(),
  }
}
