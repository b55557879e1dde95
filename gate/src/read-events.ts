/** One event of a stream (HTML Living Standard, section 9.2). */
export interface FeedEvent {
  readonly event: string
  readonly id: string | undefined
  readonly data: string
}

/**
 * The events of a stream, as its bytes come. A part without an end is no event: what was cut off in the middle is thrown
 * away.
 */
export async function* readEvents(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<FeedEvent, void> {
  const utf8 = new TextDecoder()
  // A snapshot is one event of many chunks: they are searched one by one and joined once.
  let parts: string[] = []
  let carried = ''
  for await (const chunk of chunks) {
    const texts = (carried + utf8.decode(chunk, { stream: true })).split('\n\n')
    for (const text of texts.slice(0, -1)) {
      const event = readEvent([...parts, text].join(''))
      parts = []
      if (event !== undefined) yield event
    }
    const rest = texts.at(-1)!
    // It may be the first half of a blank line.
    carried = rest.endsWith('\n') ? '\n' : ''
    parts.push(rest.slice(0, rest.length - carried.length))
  }
}

function readEvent(text: string): FeedEvent | undefined {
  const fields = new Map<string, string>()
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).replace(/^ /, ''))
  }
  const event = fields.get('event')
  if (event === undefined) return undefined
  return { event, id: fields.get('id'), data: fields.get('data') ?? '' }
}
