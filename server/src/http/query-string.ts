import { invalidField, type Message, message, Rejection } from '../kernel/index.ts'
import { isStorable } from './storable.ts'

/**
 * The parameters of a query string (WHATWG URL, application/x-www-form-urlencoded), decoded exactly once.
 * A name given twice, a broken percent-encoding, bytes that are no UTF-8 and text that cannot be stored are
 * each a Rejection 400: no two readers can take them differently.
 */
export function parseQueryString(raw: string): Map<string, string> {
  const parameters = new Map<string, string>()
  // INVARIANT: a map, and no assignment by name: a parameter may be called `__proto__`.
  const errors = new Map<string, Message[]>()
  for (const pair of raw.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = decode(equals === -1 ? pair : pair.slice(0, equals))
    const value = decode(equals === -1 ? '' : pair.slice(equals + 1))
    if (name === undefined || !isStorable(name)) throw invalidField('query', message('query.malformed'))
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
