import { readKey } from '../api-keys/index.ts'
import { invalidField, message, Rejection } from '../kernel/index.ts'

interface PresentedForm {
  readonly client_id?: unknown
  readonly client_secret?: unknown
}

/**
 * Reads who is calling (RFC 6749 section 2.3.1, RFC 6750 section 2.1), as the value of an `Authorization` header whose scheme
 * is Bearer: a client is an API key, its identifier the prefix of the key, its secret the whole key. Undefined while only the
 * body can say it; else throws `not_authenticated`, `invalid_token`, or `invalid_request` for two ways at once.
 */
export function authorizationOfClient(header: string | undefined, body?: unknown): string | undefined {
  const { client_id, client_secret } = (body ?? {}) as PresentedForm
  if (header !== undefined) {
    if (client_secret !== undefined) throw invalidField('client_secret', message('oauth.client_twice'))
    return authorizationOfHeader(header)
  }
  if (body === undefined) return undefined
  if (client_secret === undefined) throw new Rejection('not_authenticated')
  return bearerOf(client_id, client_secret)
}

function authorizationOfHeader(header: string): string {
  if (/^bearer [\x21-\x7e]+$/i.test(header)) return header
  const encoded = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header)?.[1]
  if (encoded === undefined) throw new Rejection('not_authenticated')
  const pair = Buffer.from(encoded, 'base64').toString()
  const colon = pair.indexOf(':')
  if (colon === -1) throw new Rejection('not_authenticated')
  // Section 2.3.1: each half is encoded as in a form. Neither has a character that would have to be, but a client may.
  return bearerOf(formDecoded(pair.slice(0, colon)), formDecoded(pair.slice(colon + 1)))
}

function formDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}

function bearerOf(id: unknown, secret: unknown): string {
  const isKeyOf = typeof secret === 'string' && readKey(secret)?.prefix === id
  if (!isKeyOf) throw new Rejection('invalid_token')
  return `Bearer ${secret}`
}
