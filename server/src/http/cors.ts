import type { FastifyReply, FastifyRequest } from 'fastify'
import { appendVary } from './send-problem.ts'

/** How long a browser may remember a preflight. Chromium keeps none for longer than two hours. */
const preflightMaxAgeSeconds = 600

export interface Cors {
  /** Adds what lets the page that asks read the answer. To a stranger nothing is added. */
  decorate(request: FastifyRequest, reply: FastifyReply): void
  /** Adds the answer to a preflight: what this address takes. */
  preflight(request: FastifyRequest, reply: FastifyReply, methods: readonly string[]): void
}

/**
 * Fetch standard, CORS protocol. Origins are compared as whole strings with those of the settings, so neither
 * `null` nor a look-alike is ever reflected. Credentials are not offered: a token travels in a header that the
 * page itself sets, never in a cookie.
 */
export function createCors(origins: readonly string[]): Cors {
  const allowed = new Set(origins)
  const isAllowed = (origin: string | undefined): origin is string =>
    origin !== undefined && allowed.has(origin)
  return {
    decorate(request, reply) {
      if (allowed.size === 0) return
      // Also on answers without the grant: a cache must not hand a stranger's copy to a friend.
      appendVary(reply, 'Origin')
      if (!isAllowed(request.headers.origin)) return
      reply.header('access-control-allow-origin', request.headers.origin)
      reply.header('access-control-expose-headers', 'Retry-After, WWW-Authenticate')
    },
    preflight(request, reply, methods) {
      if (!isAllowed(request.headers.origin)) return
      if (request.headers['access-control-request-method'] === undefined) return
      appendVary(reply, 'Access-Control-Request-Method, Access-Control-Request-Headers')
      reply.headers({
        'access-control-allow-methods': methods.join(', '),
        'access-control-allow-headers': 'Authorization, Content-Type',
        'access-control-max-age': String(preflightMaxAgeSeconds),
      })
    },
  }
}
