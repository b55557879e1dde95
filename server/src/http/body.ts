import type { IncomingHttpHeaders } from 'node:http'
import { invalidField, message, Refusal } from '../kernel/index.ts'
import { parseStrictJson } from './strict-json.ts'

/** «A body is at most 64 KB.» */
export const bodyLimitBytes = 65_536

/**
 * RFC 8259 section 11 gives JSON no parameters; `charset=utf-8` is commonly sent and says nothing new. The
 * header is compared as a whole: there is no second parser that could read it otherwise.
 */
const jsonMediaType = /^application\/json *(?:; *charset=(?:utf-8|"utf-8") *)?$/i

/** Whether the request brings a body, as its framing says (RFC 9112 section 6.3). */
export const hasBody = (headers: IncomingHttpHeaders): boolean =>
  headers['transfer-encoding'] !== undefined ||
  (headers['content-length'] !== undefined && headers['content-length'] !== '0')

/** Refuses with 415, before it is read, a body that is not plain JSON; and none at all where one `mustBe`. */
export function requireJson(headers: IncomingHttpHeaders, mustBe = false): void {
  if (!hasBody(headers) && !mustBe) return
  const coding = headers['content-encoding']
  const isPlain = coding === undefined || coding.toLowerCase() === 'identity'
  if (!isPlain || !jsonMediaType.test(headers['content-type'] ?? '')) {
    throw new Refusal('unsupported_media_type')
  }
}

/** The value in a body. No body at all reads as `{}`, so that what is missing is named field by field. */
export const readBody = (bytes: Uint8Array | undefined): unknown =>
  bytes === undefined || bytes.length === 0 ? {} : parseStrictJson(bytes)

/** For a call without a body: none, or the `{}` that many clients send with every POST. */
export function refuseBody(bytes: Uint8Array | undefined): void {
  if (bytes === undefined || bytes.length === 0) return
  const isEmptyObject = bytes.length <= 16 && /^\s*\{\s*\}\s*$/.test(Buffer.from(bytes).toString('latin1'))
  if (!isEmptyObject) throw invalidField('body', message('body.unexpected'))
}
