import { decodeBase64url } from './base64url.ts'
import { parseJsonObject } from './json-object.ts'

export interface TokenHeader {
  /** Claimed, and only compared with the key's own algorithm. */
  readonly alg: string
  /** Claimed, and only a key of a map. */
  readonly kid: string
}

/** The header, or `undefined`. It is read before the signature is checked, so it may hold three known strings and nothing else. */
export function readHeader(encoded: string, expectedType: string): TokenHeader | undefined {
  const known = headers.get(encoded)
  if (known !== undefined) return known.typ === expectedType ? known : undefined
  const header = parseHeader(encoded)
  if (header === undefined) return undefined
  // An issuer uses the same few headers again and again. A caller that invents others only clears this cache.
  if (headers.size >= rememberedHeaders) headers.clear()
  headers.set(encoded, header)
  // RFC 8725 section 3.11: the type keeps a token of one purpose from passing for another.
  return header.typ === expectedType ? header : undefined
}

const rememberedHeaders = 32

/** What a text says never changes, so every gate of the process may use it. */
const headers = new Map<string, TokenHeader & { readonly typ: string }>()

function parseHeader(encoded: string): (TokenHeader & { readonly typ: string }) | undefined {
  const bytes = decodeBase64url(encoded)
  const presented = bytes && parseJsonObject(bytes)
  if (presented === undefined) return undefined
  const { typ, alg, kid } = presented
  if (typeof typ !== 'string' || typeof alg !== 'string' || typeof kid !== 'string') return undefined
  // RFC 7515 section 4.1.11: an extension that `crit` names and we do not know must be refused. RFC 8725 section 3.10:
  // `jku`, `x5u` and keys inside the header are never followed. A member that we never write says that we did not sign it.
  return Object.keys(presented).length === 3 ? Object.freeze({ alg, kid, typ }) : undefined
}
