import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { invalidField, message, type Precondition, Rejection } from '../kernel/index.ts'

/**
 * A row's version as an entity tag (RFC 9110 section 8.8.3): a digest of what an answer shows of it. It needs no counter
 * that every writer must know of, and two equal states are one version (ADR 33). Fields that change without anyone
 * writing the row are left out by the caller.
 */
export const entityTagOf = (shown: object): string =>
  `"${createHash('sha256').update(JSON.stringify(shown)).digest('base64url').slice(0, 27)}"`

/** RFC 9110 section 8.8.3. A weak tag is well formed, and never one of ours. */
const entityTags =
  /^(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"(?:[ \t]*,[ \t]*(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*")*$/

/** Builds a precondition from what the request says and how the rows of its route are tagged. */
export type PreconditionOn = <State>(tagOf: (current: State) => string) => Precondition<State>

/**
 * Rejects with 400 the preconditions of a write that nothing would look at: one that is ignored is a write that the
 * caller had forbidden. Those of a read only save bandwidth, and an answer in full is what they allow.
 */
export function requireKnownPreconditions(headers: IncomingHttpHeaders, takesIfMatch: boolean): void {
  const ignored = (['if-none-match', 'if-unmodified-since', 'if-modified-since', 'if-range'] as const).find(
    name => headers[name] !== undefined,
  )
  if (ignored !== undefined) throw invalidField(ignored, message('precondition.not_taken'))
  const presented = headers['if-match']
  if (presented === undefined) return
  if (!takesIfMatch) throw invalidField('if-match', message('precondition.not_taken'))
  if (presented !== '*' && !entityTags.test(presented)) {
    throw invalidField('if-match', message('precondition.malformed'))
  }
}

/** RFC 9110 section 13.1.1, for a row that exists. `headers` have passed `requireKnownPreconditions`. */
export const preconditionOf =
  (headers: IncomingHttpHeaders): PreconditionOn =>
  tagOf => {
    const presented = headers['if-match']
    if (presented === undefined || presented === '*') return () => {}
    const seen = new Set(presented.split(/[ \t]*,[ \t]*(?=(?:W\/)?")/))
    return current => {
      if (!seen.has(tagOf(current))) throw new Rejection('precondition_failed')
    }
  }
