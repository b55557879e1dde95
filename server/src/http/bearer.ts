import type { IncomingMessage } from 'node:http'
import { Rejection } from '../kernel/index.ts'

/**
 * How often a header stands in the request. Node keeps the first of two Authorization or Host headers and silently
 * drops the other, while a proxy in front may have judged by the second.
 */
export function countHeader(rawHeaders: readonly string[], name: string): number {
  let count = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const written = rawHeaders[index]!
    if (written.length === name.length && written.toLowerCase() === name) count += 1
  }
  return count
}

/** RFC 6750 section 2.1: one space, then the token; RFC 9110 section 11.1: the scheme in any case. */
const bearer = /^bearer [\x21-\x7e]+$/i

/**
 * The value of the one Authorization header, which holds a Bearer token; the guard verifies it. Throws
 * `not_authenticated` when there is none, more than one, or another scheme. A token in the query or the body is never
 * read (RFC 6750 sections 2.2 and 2.3 advise against both).
 */
export function presentedAuthorization({
  rawHeaders,
  headers: { authorization },
}: Pick<IncomingMessage, 'rawHeaders' | 'headers'>): string {
  if (authorization === undefined || !bearer.test(authorization)) throw new Rejection('not_authenticated')
  if (countHeader(rawHeaders, 'authorization') !== 1) throw new Rejection('not_authenticated')
  return authorization
}
