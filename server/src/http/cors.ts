import type { Exchange } from './exchange.ts'

/** How long a browser may remember a preflight. Chromium keeps none for longer than two hours. */
const preflightMaxAgeSeconds = 600

export interface Cors {
  /** Adds what lets the page that asks read the answer. To a stranger nothing is added. */
  decorate(exchange: Exchange): void
  /** Adds the answer to a preflight: what this address takes. */
  preflight(exchange: Exchange, methods: readonly string[]): void
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
    decorate(exchange) {
      if (allowed.size === 0) return
      // Also on answers without the grant: a cache must not hand a stranger's copy to a friend.
      exchange.addVary('Origin')
      const { origin } = exchange.request.headers
      if (!isAllowed(origin)) return
      exchange.setHeader('access-control-allow-origin', origin)
      exchange.setHeader('access-control-expose-headers', 'Retry-After, WWW-Authenticate')
    },
    preflight(exchange, methods) {
      const { request } = exchange
      if (!isAllowed(request.headers.origin)) return
      if (request.headers['access-control-request-method'] === undefined) return
      exchange.addVary('Access-Control-Request-Method, Access-Control-Request-Headers')
      exchange.setHeader('access-control-allow-methods', methods.join(', '))
      exchange.setHeader('access-control-allow-headers', 'Authorization, Content-Type')
      exchange.setHeader('access-control-max-age', String(preflightMaxAgeSeconds))
    },
  }
}
