import type { IncomingMessage, ServerResponse } from 'node:http'
import cors, { type FastifyCorsOptions } from '@fastify/cors'
import type { FastifyInstance } from 'fastify'
import helmet, { type HelmetOptions } from 'helmet'
import { deviceHeader } from './cookies.ts'
import { idempotencyKeyHeader } from './idempotency-key.ts'
import { methodsAt } from './send-problem.ts'

const oneYearSeconds = 31_536_000

/**
 * The headers of every response, errors and documents too (OWASP ASVS 5.0, chapter 3.4). Helmet makes them once for
 * the whole server: they never change, and its middleware would make them anew for each request (ADR 27).
 */
export function securityHeaders(publicUrl: string): Readonly<Record<string, string>> {
  return {
    ...headersBy({
      // A response of the API is never a page: were a browser made to show it, nothing in it would run.
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          baseUri: ["'none'"],
          formAction: ["'none'"],
          frameAncestors: ["'none'"],
          sandbox: [],
        },
      },
      crossOriginOpenerPolicy: { policy: 'same-origin' },
      crossOriginResourcePolicy: { policy: 'same-origin' },
      referrerPolicy: { policy: 'no-referrer' },
      xFrameOptions: { action: 'deny' },
      // Over plain HTTP a browser ignores it.
      strictTransportSecurity: publicUrl.startsWith('https:') && { maxAge: oneYearSeconds },
      // For browsers that are no longer there.
      originAgentCluster: false,
      xDnsPrefetchControl: false,
      xDownloadOptions: false,
      xPermittedCrossDomainPolicies: false,
      xXssProtection: false,
    }),
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    // Most responses hold tokens or personal data. A route that may be cached says so itself.
    'cache-control': 'no-store',
  }
}

/** What Helmet's middleware sets on a response. None of these options looks at the request. */
function headersBy(options: HelmetOptions): Record<string, string> {
  const headers: Record<string, string> = {}
  const response = {
    setHeader: (name: string, value: string) => {
      headers[name.toLowerCase()] = value
    },
    removeHeader: () => {},
  }
  helmet(options)({} as IncomingMessage, response as unknown as ServerResponse, error => {
    if (error) throw error
  })
  return headers
}

/** How long a browser may remember a preflight. Chromium keeps none for longer than two hours. */
const preflightMaxAgeSeconds = 600

/**
 * Fetch standard, CORS protocol. Origins are compared as whole strings with those of the settings, so neither `null`
 * nor a look-alike is ever granted. Credentials are not offered: a token travels in a header that the page itself
 * sets. A preflight names the methods of its address.
 */
export function answerCors(app: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return
  const allowed: FastifyCorsOptions = {
    origin: [...origins],
    allowedHeaders: `Authorization, Content-Type, If-Match, ${deviceHeader}, ${idempotencyKeyHeader}`,
    exposedHeaders: `ETag, Retry-After, WWW-Authenticate, ${deviceHeader}`,
    maxAge: preflightMaxAgeSeconds,
    strictPreflight: false,
  }
  // `Vary: Origin` is set on responses without the grant too, or a shared cache could serve such a response to an
  // allowed origin.
  const denied: FastifyCorsOptions = { origin: () => Promise.resolve(false) }
  app.register(cors, {
    delegator: (request, callback) => {
      const { origin } = request.headers
      if (origin === undefined || !origins.includes(origin)) return callback(null, denied)
      if (request.method !== 'OPTIONS') return callback(null, allowed)
      const methods = methodsAt(app, request.url)
      // An unknown address has no preflight: it is answered as such.
      callback(null, methods.length === 0 ? denied : { ...allowed, methods: [...methods] })
    },
  })
}
