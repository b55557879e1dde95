import type { Exchange } from './exchange.ts'

/**
 * RFC 6265bis section 4.1.3.2: a browser takes a cookie of this prefix only over a secure connection, for the whole
 * host and for no other, so no neighbouring domain and no plain connection can put one in its place.
 */
export const sessionCookieName = '__Host-propusk'

const attributes = 'Path=/; Secure; HttpOnly; SameSite=Strict'

/** Far above any token of ours. */
const maxTokenLength = 4_096

/** The base64url parts of a JWT: nothing that could need quoting, or mean something in a header. */
const tokenForm = /^[\w-]+\.[\w-]+\.[\w-]+$/

/** The session cookie of one request: what came with it, and what the answer tells the browser to keep. */
export interface CookieJar {
  /** What the cookie holds, proven to be nothing yet; undefined unless there is exactly one of a possible form. */
  readonly presented: string | undefined
  keep(token: string, lifeSeconds: number): void
  clear(): void
}

export function cookieJar(exchange: Exchange): CookieJar {
  const tell = (cookie: string) => exchange.setHeader('set-cookie', cookie)
  return {
    presented: presentedCookie(exchange.request.rawHeaders),
    keep: (token, lifeSeconds) =>
      tell(`${sessionCookieName}=${token}; ${attributes}; Max-Age=${Math.max(0, Math.floor(lifeSeconds))}`),
    clear: () => tell(`${sessionCookieName}=; ${attributes}; Max-Age=0`),
  }
}

/**
 * Two cookies of the name are none: nobody can tell which of them is ours, and a careless reader in between may have
 * chosen the other.
 */
function presentedCookie(rawHeaders: readonly string[]): string | undefined {
  const found: string[] = []
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]!.toLowerCase() === 'cookie') found.push(...valuesIn(rawHeaders[index + 1]!))
  }
  const [only, ...others] = found
  if (only === undefined || others.length > 0) return undefined
  return only.length <= maxTokenLength && tokenForm.test(only) ? only : undefined
}

/** RFC 6265 section 4.2.1: `name=value` pairs between semicolons. */
const valuesIn = (header: string): string[] =>
  header
    .split(';')
    .map(pair => pair.trim())
    .filter(pair => pair === sessionCookieName || pair.startsWith(`${sessionCookieName}=`))
    .map(pair => pair.slice(sessionCookieName.length + 1))
