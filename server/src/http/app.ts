import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import cookie from '@fastify/cookie'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import { invalidField, message, Rejection } from '../kernel/index.ts'
import { auditDenial } from './authorize.ts'
import { countHeader } from './bearer.ts'
import { bodyLimitBytes, hasBody, useStrictJson } from './body.ts'
import { bodyRoom } from './body-room.ts'
import { createClientAddress } from './client-address.ts'
import { clientErrorAnswer } from './client-error.ts'
import { registerCors } from './cors.ts'
import { registerDocuments } from './documents/register-documents.ts'
import type { Log } from './log.ts'
import { createMetrics } from './metrics.ts'
import { createNodeServer, defaultLimits } from './node-server.ts'
import type { HttpOptions } from './options.ts'
import { registerPages } from './pages/register-pages.ts'
import { registerProbes } from './probes.ts'
import { registerRoute } from './register-route.ts'
import { logRequest } from './request-log.ts'
import type { Route } from './route.ts'
import { type BookedRoute, RouteBook } from './route-book.ts'
import { securityHeaders } from './security-headers.ts'
import { sendProblem } from './send-problem.ts'
import { createStreamAnswers } from './stream-answers.ts'
import { basePathOf, stripBasePath, toOriginForm } from './target.ts'
import { answerUnmatched } from './unmatched.ts'
import { type RawQuery, validatorCompiler, withFaultsOfAllParts } from './validation.ts'

export interface HttpApp {
  /** Throws an Error that names the route whose record does not hold together. All routes come before `listen`. */
  register(basePath: string, routes: readonly Route[]): void
  /** Every registered route, for the documents and for tests that walk over all of them. */
  readonly routes: readonly BookedRoute[]
  /** Resolves with the address that was taken, `http://127.0.0.1:8000`. Port 0 takes a free one. */
  listen(at: { host: string; port: number }): Promise<string>
  /** Answers what is under way, refuses what comes after with 503, and resolves when the last socket is closed. */
  close(): Promise<void>
  /** A request without a socket, for tests. */
  readonly inject: FastifyInstance['inject']
  /** The listening server, for tests. */
  readonly server: Server
  readonly log: Log
}

/**
 * The web server, without any route of the modules yet. The steps of a request stand in `addSteps` for all routes, and
 * in `registerRoute` for those of the API.
 */
export function createHttpApp(options: HttpOptions): HttpApp {
  const { log } = options
  const headers = securityHeaders(options.publicUrl)
  const app = createFastify(options, log, headers)
  const client = createClientAddress(options.trustProxy, unreadable =>
    log.warn({ ...unreadable }, 'a trusted proxy sends X-Forwarded-For with an entry that is no address'),
  )
  const book = new RouteBook()
  const streams = createStreamAnswers()
  const metrics = options.metrics === 'off' ? undefined : createMetrics(options.gauges)
  let isClosing = false

  addSteps(app, {
    options,
    headers,
    addressOf: request => client.addressOf(request),
    isClosing: () => isClosing,
    answered(request, reply) {
      logRequest(request, reply)
      metrics?.observe({
        method: request.method,
        route: request.routeOptions.url,
        status: reply.statusCode,
        seconds: reply.elapsedTime / 1000,
      })
    },
  })
  registerProbes(app, options, metrics)
  registerDocuments(app, options, () => book.routes)
  registerPages(app, options)
  const publicOrigin = new URL(options.publicUrl).origin
  const routeDeps = {
    guard: options.guard,
    streams,
    roomForBody: bodyRoom(),
    publicOrigin,
    hostOf: ({ raw }: FastifyRequest) => client.hostOf(raw),
  }
  // Once all modules have given their records: Fastify loads its plugins when it becomes ready.
  const registerRoutes = (scope: FastifyInstance, isOfScope: (route: Route) => boolean) => {
    for (const { basePath, route } of book.routes)
      if (isOfScope(route)) registerRoute(scope, routeDeps, basePath, route)
  }
  app.register(async withCookies => {
    await withCookies.register(cookie)
    registerRoutes(withCookies, usesCookies)
  })
  app.register(async api => registerRoutes(api, route => !usesCookies(route)))

  return {
    register(basePath, routes) {
      for (const route of routes) book.add(basePath, route)
    },
    get routes() {
      return book.routes
    },
    listen: at => app.listen(at),
    async close() {
      isClosing = true
      streams.cutOff()
      await app.close()
      metrics?.stop()
    },
    inject: app.inject.bind(app) as FastifyInstance['inject'],
    server: app.server,
    log,
  }
}

function createFastify(options: HttpOptions, log: Log, headers: Readonly<Record<string, string>>) {
  const answerClientError = clientErrorAnswer(options.random, log, headers)
  const strip = stripBasePath(basePathOf(options.publicUrl))
  const app = Fastify<Server, IncomingMessage, ServerResponse>({
    loggerInstance: log as FastifyBaseLogger,
    // One line of our own for each request, in `logRequest`.
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: logger => logger,
    genReqId: () => options.random.uuid(),
    bodyLimit: bodyLimitBytes,
    serverFactory: listener => createNodeServer(listener, options.limits ?? defaultLimits),
    rewriteUrl: request => strip(toOriginForm(request.url ?? '/')),
    routerOptions: {
      ignoreTrailingSlash: true,
      // The longest is a permission's name with its colon encoded.
      maxParamLength: 203,
      // Validation reads it, once the caller is known to be allowed to ask.
      querystringParser: raw => ({ raw }) satisfies RawQuery,
    },
    exposeHeadRoutes: true,
    // The 503 of Fastify's own would lack our form and our headers.
    return503OnClosing: false,
    clientErrorHandler: answerClientError,
    // An error before a route is known runs no hook, so it gets its headers and its log line here.
    frameworkErrors(error, request, reply) {
      reply.headers(headers)
      sendProblem(error, request, reply)
      logRequest(request, reply)
    },
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(() => JSON.stringify)
  useStrictJson(app)
  return app
}

/** Whether the route reads or sets a cookie. */
const usesCookies = ({ access, usesDeviceToken }: Route): boolean =>
  access === 'browser' || usesDeviceToken === true

interface Steps {
  readonly options: Pick<HttpOptions, 'guard' | 'corsOrigins'>
  readonly headers: Readonly<Record<string, string>>
  readonly addressOf: (request: FastifyRequest['raw']) => string
  readonly isClosing: () => boolean
  /** Called once for each request, when its response is out or the client is gone. */
  readonly answered: (request: FastifyRequest, reply: FastifyReply) => void
}

/** The steps that every request takes, in their order. */
function addSteps(app: FastifyInstance, { options, headers, addressOf, isClosing, answered }: Steps): void {
  app.decorateRequest('principal', undefined)
  app.decorateRequest('problem', undefined)
  app.decorateRequest('clientAddress', '')

  app.addHook('onRequest', (request, reply, done) => {
    request.clientAddress = addressOf(request.raw)
    reply.headers(headers)
    // Comes once, when the response is out or its connection broke. Fastify's onResponse hears only of the first.
    reply.raw.once('close', () => {
      answered(request, reply)
      // A connection that was busy when the server began to close would else be kept for its next request.
      if (isClosing()) app.server.closeIdleConnections()
    })
    done()
  })
  registerCors(app, options.corsOrigins)
  app.after(() => {
    app.addHook('onRequest', (request, reply, done) => {
      if (isClosing()) {
        reply.header('connection', 'close')
        throw new Rejection('unavailable')
      }
      requireOneHost(request.raw)
      // A type of nothing says nothing.
      if (!hasBody(request.headers)) delete request.headers['content-type']
      if (request.is404) answerUnmatched(app, request, reply)
      else done()
    })
  })
  // Then the hooks of the route and its handler (register-route.ts). What any of them throws comes here:
  app.setErrorHandler(async (error, request, reply) => {
    await auditDenial(options.guard, error, request)
    return sendProblem(withFaultsOfAllParts(error, request), request, reply)
  })
  app.setNotFoundHandler((request, reply) => answerUnmatched(app, request, reply))
}

/** RFC 9112 section 3.2: two Hosts, or none in HTTP/1.1, must be a 400. */
function requireOneHost({ rawHeaders, httpVersion }: FastifyRequest['raw']): void {
  const hosts = countHeader(rawHeaders, 'host')
  if (hosts > 1 || (hosts === 0 && httpVersion !== '1.0')) {
    throw invalidField('host', message('host.required'))
  }
}
