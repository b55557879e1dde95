import type { RequestListener, ServerResponse } from 'node:http'
import { createDoor, securityHeaders } from '../door/index.ts'
import { headMaker } from './answer.ts'
import { createClientAddress } from './client-address.ts'
import { clientErrorAnswer } from './client-error.ts'
import { createCors } from './cors.ts'
import { documentEndpoints } from './documents/document-endpoints.ts'
import { createEndpoints } from './endpoint.ts'
import { createLog, type Log } from './log.ts'
import { createMetrics } from './metrics.ts'
import type { HttpOptions } from './options.ts'
import { pageEndpoints } from './pages/page-endpoints.ts'
import { probeEndpoints } from './probes.ts'
import { logRequest } from './request-log.ts'
import type { Route } from './route.ts'
import { type BookedRoute, RouteBook } from './route-book.ts'
import { routeEndpoints } from './route-endpoint.ts'
import { serve } from './serve.ts'
import { createStreamAnswers } from './stream-answers.ts'
import { loadValidator } from './validate.ts'

export interface HttpApp {
  /** Throws an Error that names the route whose record does not hold together. All routes come before `listen`. */
  register(basePath: string, routes: readonly Route[]): void
  /** Every registered route, for the documents and for tests that walk over all of them. */
  readonly routes: readonly BookedRoute[]
  /** Resolves with the address that was taken, `http://127.0.0.1:8000`. Port 0 takes a free one. */
  listen(at: { host: string; port: number }): Promise<string>
  /** Answers what is under way, refuses what comes after with 503, and resolves when the last socket is closed. */
  close(): Promise<void>
  /** Answers one request of Node's own kind: what the socket does with each, and what tests do without one. */
  readonly handle: RequestListener
  readonly log: Log
}

/** A request that comes sooner loads what it needs by itself. */
const warmUpAfterMs = 500

/** The web server, without any route of the rooms yet. */
export function createHttpApp(options: HttpOptions): HttpApp {
  const headers = securityHeaders(options.publicUrl)
  const headOf = headMaker(headers)
  const door = options.door ?? createDoor(headers)
  const book = new RouteBook()
  const endpoints = createEndpoints()
  const metrics = createMetrics(options.gauges)
  const streams = createStreamAnswers()
  const log = createLog(options.log, options.clock)
  let isClosing = false

  const describe = () => ({ ...options, routes: book.routes })
  for (const endpoint of [
    ...probeEndpoints(options, headOf, metrics),
    ...pageEndpoints(options, headOf),
    ...documentEndpoints(options, headOf, describe),
  ]) {
    endpoints.add(endpoint)
  }

  const handle = serve({
    endpoints,
    guard: options.guard,
    cors: createCors(options.corsOrigins),
    log,
    headOf,
    random: options.random,
    client: createClientAddress(options.trustProxy, unreadable =>
      log.warn({ ...unreadable }, 'a trusted proxy sends X-Forwarded-For with an entry that is no address'),
    ),
    streams,
    isClosing: () => isClosing,
    answered(exchange) {
      logRequest(log, exchange)
      if (options.metrics !== 'off') {
        const { method, pattern: route, response, tookMs } = exchange
        metrics.observe({ method, route, status: response.statusCode, seconds: tookMs / 1000 })
      }
      // A connection that was busy when the server began to close would else be kept for its next request.
      if (isClosing) whenOver(exchange.response, () => door.server.closeIdleConnections())
    },
  })
  door.server.on('clientError', clientErrorAnswer(options.random, log, headers))
  // RFC 9110 section 10.1.1: an expectation that is not known may be ignored. Node would answer in its own form.
  door.server.on('checkExpectation', (request, response) => door.server.emit('request', request, response))

  const surroundings = { guard: options.guard, headOf, publicOrigin: new URL(options.publicUrl).origin }
  return {
    register(basePath, routes) {
      for (const route of routes) {
        book.add(basePath, route)
        for (const endpoint of routeEndpoints(surroundings, basePath, route)) endpoints.add(endpoint)
      }
    },
    get routes() {
      return book.routes
    },
    async listen(at) {
      await door.listen(at)
      door.admit(handle)
      log.info(`Server listening at ${door.address}`)
      // What most requests need is loaded once the door has been open for a moment: the first answer does not wait for it.
      setTimeout(loadValidator, warmUpAfterMs).unref()
      return door.address
    },
    async close() {
      // First the word that this is the end, then the wait for what is under way.
      isClosing = true
      streams.cutOff()
      await door.close()
      metrics.stop()
    },
    handle,
    log,
  }
}

const whenOver = (response: ServerResponse, then: () => void): void => {
  if (response.closed) then()
  else response.once('close', then)
}
