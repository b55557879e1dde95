import type { Answer, HeadMaker } from './answer.ts'
import type { Exchange } from './exchange.ts'

export interface SentFile {
  readonly contentType: string
  readonly bytes: Buffer
  readonly etag: string
}

/** RFC 9110 section 13.1.2: what the browser has already is not sent again. */
export function fileAnswer(
  headOf: HeadMaker,
  { request }: Exchange,
  { contentType, bytes, etag }: SentFile,
  own: Readonly<Record<string, string>>,
): Answer {
  const held = (request.headers['if-none-match'] ?? '').split(',')
  // A proxy that compresses marks the tag as weak; for this comparison that makes no difference.
  const isHeld = held.some(tag => tag.trim().replace(/^W\//, '') === etag)
  if (isHeld) return { status: 304, head: headOf({ ...own, etag }) }
  return { status: 200, head: headOf({ ...own, etag, 'content-type': contentType }), body: bytes }
}
