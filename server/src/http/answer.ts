import type { Exchange } from './exchange.ts'
import type { OpenedStream } from './stream-answers.ts'

/** Names and values in turn, as Node writes them. */
export type Head = readonly string[]

/** What an endpoint says in return. */
export interface Answer {
  readonly status: number
  readonly head: Head
  /** Absent where the status has no body (204, 304). */
  readonly body?: string | Uint8Array
}

/** The headers of every answer, with those of this kind of answer in their place or beside them. */
export type HeadMaker = (own: Readonly<Record<string, string>>) => Head

export const headMaker =
  (common: Readonly<Record<string, string>>): HeadMaker =>
  own =>
    Object.entries({ ...common, ...own }).flat()

export const jsonMediaType = 'application/json; charset=utf-8'

/** The same, with a body that goes out piece by piece. */
export interface StreamedAnswer {
  readonly status: number
  readonly head: Head
  readonly stream: OpenedStream
}

/** Sends the answer in one write. To HEAD goes the head of what GET would get (RFC 9110 section 9.3.2). */
export function send(exchange: Exchange, { status, head, body }: Answer): void {
  const { response } = exchange
  response.statusCode = status
  // Nobody is there any more to be told.
  if (response.destroyed) return
  const headers = headersOf(exchange, head)
  // Node leaves the body away for HEAD, and adds Date and Connection.
  if (body !== undefined) headers.push('content-length', String(Buffer.byteLength(body)))
  response.writeHead(status, headers)
  response.end(body)
}

/** All that an answer says before its body, but for what Node adds. */
export function headersOf({ extraHeaders, vary }: Exchange, head: Head): string[] {
  const headers = extraHeaders === undefined ? head.slice() : [...head, ...extraHeaders]
  if (vary !== undefined) headers.push('vary', vary)
  return headers
}
