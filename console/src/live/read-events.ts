/** One event of a stream (HTML Living Standard, section 9.2). */
export interface StreamEvent {
  readonly name: string
  readonly data: string
}

/**
 * The events of an answer of type `text/event-stream`, as they come. Read by hand, because the browser's own EventSource
 * cannot send an access token. Lines that it does not need (ids, comments) are passed over.
 */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent> {
  const reader = body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader()
  let text = ''
  try {
    for (;;) {
      const { value, done } = await reader.read()
      if (done) return
      text += value
      const blocks = text.split(/\r?\n\r?\n/)
      text = blocks.pop()!
      for (const block of blocks) {
        const event = parseEvent(block)
        if (event !== undefined) yield event
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

function parseEvent(block: string): StreamEvent | undefined {
  let name = 'message'
  const data: string[] = []
  for (const line of block.split(/\r?\n/)) {
    const [, field, value] = /^([^:]*):? ?(.*)$/.exec(line)!
    if (field === 'event') name = value!
    if (field === 'data') data.push(value!)
  }
  return data.length === 0 ? undefined : { name, data: data.join('\n') }
}
