/** One event of a stream (HTML Living Standard, section 9.2). */
export interface StreamEvent {
  readonly name: string
  readonly data: string
}

/**
 * The events of an answer of type `text/event-stream`, as they come. Read by hand, because EventSource cannot send an access
 * token. Lines that it does not need (ids, comments) are passed over. `idle.act` is called when nothing comes for `idle.afterMs`.
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  idle?: { readonly afterMs: number; act(): void },
): AsyncGenerator<StreamEvent> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  try {
    for (;;) {
      const timer = idle && setTimeout(idle.act, idle.afterMs)
      unref(timer)
      const { value, done } = await reader.read().finally(() => clearTimeout(timer))
      if (done) return
      text += decoder.decode(value, { stream: true })
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

/** In Node a timer keeps the process alive unless told otherwise; elsewhere it is a number. */
export const unref = (timer: unknown): void => (timer as { unref?: () => void } | undefined)?.unref?.()
