import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * RFC 6265bis section 4.1.3.2: a browser takes a cookie of this prefix only over a secure connection, for the whole
 * host and for no other, so no neighbouring domain and no plain connection can put one in its place.
 */
export const sessionCookieName = '__Host-propusk'

const attributes = { path: '/', secure: true, httpOnly: true, sameSite: 'strict' } as const

/** Far above any token of ours. */
const maxTokenLength = 4_096

/** The base64url parts of a JWT: nothing that could need quoting, or mean something in a header. */
const tokenForm = /^[\w-]+\.[\w-]+\.[\w-]+$/

/** The session cookie of one request: what came with it, and what the response tells the browser to keep. */
export interface CookieJar {
  /** What the cookie holds, proven to be nothing yet; undefined unless there is exactly one of a possible form. */
  readonly presented: string | undefined
  keep(token: string, lifeSeconds: number): void
  clear(): void
}

/** Needs @fastify/cookie on the route. */
export const cookieJar = (request: FastifyRequest, reply: FastifyReply): CookieJar => ({
  presented: presentedCookie(request),
  keep: (token, lifeSeconds) =>
    void reply.setCookie(sessionCookieName, token, {
      ...attributes,
      maxAge: Math.max(0, Math.floor(lifeSeconds)),
    }),
  clear: () => void reply.setCookie(sessionCookieName, '', { ...attributes, maxAge: 0 }),
})

/**
 * Two cookies of the name are none: it cannot be known which of them is ours, and a proxy in between may have chosen
 * the other. The parser keeps the first.
 */
function presentedCookie({ cookies, headers }: FastifyRequest): string | undefined {
  const value = cookies[sessionCookieName]
  if (value === undefined || value.length > maxTokenLength || !tokenForm.test(value)) return undefined
  return timesNamed(headers.cookie ?? '') === 1 ? value : undefined
}

/** RFC 6265 section 4.2.1: `name=value` pairs between semicolons. Node joins several Cookie headers by one. */
const timesNamed = (header: string): number =>
  header
    .split(';')
    .map(pair => pair.trim())
    .filter(pair => pair === sessionCookieName || pair.startsWith(`${sessionCookieName}=`)).length
