import type { RequestListener, Server } from 'node:http'
import process from 'node:process'

/**
 * Not imported: an import reads every export of the module, and with WebSocket it loads a whole web client, 16 MB and
 * 30 ms of each start (ADR 27).
 */
export const { createServer, STATUS_CODES } = process.getBuiltinModule('node:http')

/** How long, and how often, a client may keep the server waiting. */
export interface ServerLimits {
  /** From the first byte of a request, or from the connection, to the end of the headers. */
  readonly headersTimeoutMs: number
  /** From the first byte of a request to the end of its body. */
  readonly requestTimeoutMs: number
  /** How often these two are checked: a client may have so much more. */
  readonly checkEveryMs: number
  /** Between two requests. Longer than the idle timeouts of common proxies, so that the proxy closes first. */
  readonly keepAliveMs: number
  /** Without a byte in either direction. Longer than any of our work takes. */
  readonly idleMs: number
  /** Beyond it a new connection is closed at once. One costs some 20 KB. */
  readonly maxConnections: number
}

export const defaultLimits: ServerLimits = {
  headersTimeoutMs: 15_000,
  requestTimeoutMs: 30_000,
  checkEveryMs: 5_000,
  keepAliveMs: 72_000,
  idleMs: 60_000,
  maxConnections: 10_000,
}

/** Node's HTTP server, bounded by `limits` in time and number. */
export function createNodeServer(listener: RequestListener, limits: ServerLimits): Server {
  const server = createServer(
    {
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      connectionsCheckingInterval: limits.checkEveryMs,
      keepAliveTimeout: limits.keepAliveMs,
      // A missing Host is answered in our form. Node would send a bare 400.
      requireHostHeader: false,
    },
    listener,
  )
  server.timeout = limits.idleMs
  server.maxConnections = limits.maxConnections
  // Node would silently drop headers after the 2,000th, a second Host or X-Forwarded-For included. Their size is
  // bounded: 16 KB for all of them.
  server.maxHeadersCount = 0
  // Once a connection is reset its address can no longer be read, though a whole request may still be read from it.
  // Node keeps the address if it was read in time. Where it is lost already, nothing is read: a request without an
  // address could not be attributed in the audit.
  server.prependListener('connection', socket => {
    if (socket.remoteAddress === undefined) socket.destroy()
  })
  // RFC 9110 section 10.1.1: an expectation that is not known may be ignored. Node would answer in its own form.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response))
  return server
}
