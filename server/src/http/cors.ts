import cors, { type FastifyCorsOptions } from '@fastify/cors'
import type { FastifyInstance } from 'fastify'
import { deviceHeader } from './cookies.ts'
import { methodsAt } from './unmatched.ts'

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
    allowedHeaders: `Authorization, Content-Type, If-Match, ${deviceHeader}`,
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
