import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Access, isAnonymous } from './route.ts'

/**
 * RFC 6265bis section 4.1.3.2: a browser takes a cookie of this prefix only over a secure connection, for the whole
 * host and for no other, so no neighbouring domain and no plain connection can put one in its place.
 */
export const sessionCookieName = '__Host-propusk'

const cookieAttributes = { path: '/', secure: true, httpOnly: true, sameSite: 'strict' } as const

/** Far above any token of ours. */
const maxTokenLength = 4_096

/** The base64url parts of a JWT: nothing that could need quoting, or mean something in a header. */
const tokenForm = /^[\w-]+\.[\w-]+\.[\w-]+$/

export type SessionCookie = ReturnType<typeof sessionCookie>

/**
 * The session cookie of one request: what came with it, and what the response tells the browser to keep (ADR 18). Needs
 * @fastify/cookie on the route.
 */
export const sessionCookie = (request: FastifyRequest, reply: FastifyReply) => ({
  /** What the cookie holds, proven to be nothing yet; undefined unless there is exactly one of a possible form. */
  presented: presentedCookie(request),
  /** Whether anything came under its name. */
  isThere: timesNamed(request.headers.cookie ?? '', sessionCookieName) > 0,
  keep: (token: string, lifeSeconds: number): void =>
    void reply.setCookie(sessionCookieName, token, {
      ...cookieAttributes,
      maxAge: Math.max(0, Math.floor(lifeSeconds)),
    }),
  clear: (): void => void reply.setCookie(sessionCookieName, '', { ...cookieAttributes, maxAge: 0 }),
})

/**
 * What a cookie holds. Two cookies of the name are none: it cannot be known which of them is ours, and a proxy in
 * between may have chosen the other. The parser keeps the first.
 */
const soleCookie = ({ cookies, headers }: FastifyRequest, name: string): string | undefined =>
  timesNamed(headers.cookie ?? '', name) === 1 ? cookies[name] : undefined

function presentedCookie(request: FastifyRequest): string | undefined {
  const value = soleCookie(request, sessionCookieName)
  return value !== undefined && value.length <= maxTokenLength && tokenForm.test(value) ? value : undefined
}

/** RFC 6265 section 4.2.1: `name=value` pairs between semicolons. Node joins several Cookie headers by one. */
const timesNamed = (header: string, name: string): number =>
  header
    .split(';')
    .map(pair => pair.trim())
    .filter(pair => pair === name || pair.startsWith(`${name}=`)).length

/**
 * Where a browser keeps what lets it pass proxies that ask (ADR 42), for a whole domain. Only forward-auth reads it. RFC 6265bis
 * section 4.1.3.1: none is taken over a plain connection.
 */
export const forwardCookieName = '__Secure-propusk-forward'

export type ForwardCookie = ReturnType<typeof forwardCookie>

export const forwardCookie = (reply: FastifyReply) => {
  // Lax: a link from elsewhere to a protected page has to bring it along.
  const attributes = (domain: string) => ({ ...cookieAttributes, sameSite: 'lax', domain }) as const
  return {
    keep: (token: string, { domain, lifeSeconds }: { domain: string; lifeSeconds: number }): void =>
      void reply.setCookie(forwardCookieName, token, {
        ...attributes(domain),
        maxAge: Math.max(0, Math.floor(lifeSeconds)),
      }),
    clear: (domain: string): void =>
      void reply.setCookie(forwardCookieName, '', { ...attributes(domain), maxAge: 0 }),
  }
}

/** Where a browser keeps that it is not asked for the second factor (ADR 50); the same care as for the session cookie. */
const rememberedCookieName = '__Host-propusk-remembered'

export type RememberedDeviceCookie = ReturnType<typeof rememberedDeviceCookie>

/** The remembered device of one request. What it holds is proven by nothing here. */
export const rememberedDeviceCookie = (request: FastifyRequest, reply: FastifyReply) => ({
  presented: soleCookie(request, rememberedCookieName),
  keep: ({ value, lifeSeconds }: { readonly value: string; readonly lifeSeconds: number }): void =>
    void reply.setCookie(rememberedCookieName, value, {
      ...cookieAttributes,
      maxAge: Math.max(0, Math.floor(lifeSeconds)),
    }),
})

/** Where a client that is no page of ours is given its device token, and shows it. */
export const deviceHeader = 'Propusk-Device'

/** Where a browser keeps it for pages of ours; the same care as for the session cookie. */
const deviceCookieName = '__Host-propusk-device'

/** As long as a device token of the throttle lives. */
const deviceLifeSeconds = 90 * 86_400

/** The device token of one request (ADR 32), and where the response puts the next one. Its content is not looked at here. */
export interface DeviceToken {
  readonly presented: string | undefined
  keep(token: string): void
}

/** A page of our own keeps it in a cookie that no script can read; every other client in its own store. */
export function deviceToken(access: Access, request: FastifyRequest, reply: FastifyReply): DeviceToken {
  const cookie = access === 'public' ? undefined : soleCookie(request, deviceCookieName)
  // A call with a token may be made by a page of ours or by any client: it is answered the way it came.
  return access === 'browser' || (!isAnonymous(access) && cookie !== undefined)
    ? {
        presented: cookie,
        keep: token =>
          void reply.setCookie(deviceCookieName, token, { ...cookieAttributes, maxAge: deviceLifeSeconds }),
      }
    : {
        presented: soleHeader(request),
        keep: token => void reply.header(deviceHeader, token),
      }
}

/** Several headers of the name are joined by Node, and then are no token. */
const soleHeader = ({ headers }: FastifyRequest): string | undefined =>
  headers[deviceHeader.toLowerCase()]?.toString()
