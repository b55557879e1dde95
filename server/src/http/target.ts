import { invalidField, type Message, message, Rejection } from '../kernel/index.ts'
import { isStorable, type JsonSchema } from './schema.ts'

/** RFC 9112 section 3.2.2: a server must take the absolute form too. Its host says nothing to us. */
const absoluteForm = /^https?:\/\/[^/?#]*/i

/** What the paths of ours begin with. */
const ownPaths =
  /^\/(?:api|console|account|health|metrics|oauth|access|openapi\.json|swagger|redoc|\.well-known)(?:\/|$)/

/** The path of the public URL without a slash at its end: empty, or `/auth`. It stands before every link to ourselves. */
export const basePathOf = (publicUrl: string): string => new URL(publicUrl).pathname.replace(/\/+$/, '')

/**
 * Takes the path of the public URL off, where the proxy has left it on. One that begins as our own paths do is never
 * taken off: it could not be told from them.
 */
export function stripBasePath(basePath: string): (target: string) => string {
  const strip = stripPrefix(basePath)
  // RFC 8615 section 3 and RFC 8414 section 3.1: the path of an issuer stands behind a well-known address, not before it.
  const wellKnown = /^(\/\.well-known\/[a-z-]+)(\/[^?]*)(\?.*)?$/
  if (basePath === '') return strip
  return target => {
    const [, address, path, query = ''] = wellKnown.exec(target) ?? []
    return path?.replace(/\/$/, '') === basePath ? address + query : strip(target)
  }
}

function stripPrefix(basePath: string): (target: string) => string {
  if (basePath === '' || ownPaths.test(basePath)) return target => target
  return target => {
    const rest = target.startsWith(basePath) ? target.slice(basePath.length) : undefined
    if (rest === undefined || !/^(?:[/?]|$)/.test(rest)) return target
    return rest.startsWith('/') ? rest : `/${rest}`
  }
}

/**
 * Envoy puts the target of the request that it asks about behind our own, query and all: it is no parameter of ours, and
 * the handler reads it from the target as it was written (ADR 42).
 */
export const withoutForwardedUri = (target: string): string =>
  target.replace(/^(\/api\/auth\/access\/forward\/\?proxy=envoy)&uri=.*$/s, '$1')

/** A request-target in origin form: path and query as they were written. */
export const toOriginForm = (target: string): string =>
  target.startsWith('/') ? target : target.replace(absoluteForm, '')

/**
 * The parameters of a query string (WHATWG URL, application/x-www-form-urlencoded), decoded exactly once.
 * A name given twice, a broken percent-encoding, bytes that are no UTF-8 and text that cannot be stored are
 * each a Rejection 400: no two readers can take them differently.
 */
export const parseQueryString = (raw: string): Map<string, string> => parsePairs(raw, 'query')

/** The same of a form; `place` is what errors name where a name itself cannot be read. */
export function parsePairs(raw: string, place: 'query' | 'body'): Map<string, string> {
  const parameters = new Map<string, string>()
  // INVARIANT: a map, and no assignment by name: a parameter may be called `__proto__`.
  const errors = new Map<string, Message[]>()
  for (const pair of raw.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = decode(equals === -1 ? pair : pair.slice(0, equals))
    const value = decode(equals === -1 ? '' : pair.slice(equals + 1))
    if (name === undefined || !isStorable(name)) throw invalidField(place, message('query.malformed'))
    if (value === undefined) errors.set(name, [message('query.malformed')])
    else if (!isStorable(value)) errors.set(name, [message('field.character')])
    else if (parameters.has(name)) errors.set(name, [message('field.repeated')])
    parameters.set(name, value ?? '')
  }
  if (errors.size > 0) throw new Rejection('invalid_request', { errors: Object.fromEntries(errors) })
  return parameters
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}

const integer = /^(0|-?[1-9][0-9]*)$/

/**
 * The texts of a path or a query as the values that their schema speaks of. There is one spelling per value:
 * `01`, `+1`, `1e3`, `0x1`, ` 1`, `-0` and what a double cannot hold exactly stay text, and the validation
 * that follows refuses them as no integer.
 */
export function coerceTexts(texts: Iterable<readonly [string, string]>, schema: JsonSchema): object {
  const values: Record<string, unknown> = Object.create(null)
  const known = schema.properties ?? {}
  for (const [name, text] of texts) {
    values[name] = Object.hasOwn(known, name) ? coerceText(text, known[name]) : text
  }
  return values
}

function coerceText(text: string, schema: JsonSchema | undefined): unknown {
  switch (schema?.type) {
    case 'integer': {
      const value = Number(text)
      return integer.test(text) && Number.isSafeInteger(value) ? value : text
    }
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text
    default:
      return text
  }
}
