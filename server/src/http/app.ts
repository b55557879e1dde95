import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import cookie from '@fastify/cookie'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { Rejection } from '../kernel/index.ts'
import { bodyLimitBytes, noBody, takeFormsOnly } from './body.ts'
import { ClientAddress, isLocalRequest } from './client-address.ts'
import { registerDocuments } from './documents/register-documents.ts'
import type { HttpDeps } from './http-deps.ts'
import { type Log, logRequest } from './log.ts'
import { Metrics } from './metrics.ts'
import { createNodeServer, defaultLimits } from './node-server.ts'
import { registerPages } from './pages.ts'
import { decorateRequests } from './request.ts'
import { addRequestSteps, type RouteSteps } from './request-steps.ts'
import { securityHeaders } from './response-headers.ts'
import type { Route } from './route.ts'
import { type RegisteredRoute, RouteRegistry } from './route-registry.ts'
import { answerUnmatched, clientErrorAnswer, sendProblem } from './send-problem.ts'
import { StreamAnswers } from './stream-answers.ts'
import { basePathOf, stripBasePath, toOriginForm, withoutForwardedUri } from './target.ts'
import type { RawQuery } from './validation.ts'

export interface HttpApp {
  /** Throws an Error that names the route whose record does not hold together. All routes come before `listen`. */
  register(basePath: string, routes: readonly Route[]): void
  /** Every registered route, for the documents and for tests that walk over all of them. */
  readonly routes: readonly RegisteredRoute[]
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
 * The web server, without any route of the modules yet. The steps of a request stand in `addRequestSteps`.
 */
export function createHttpApp(deps: HttpDeps): HttpApp {
  const { log } = deps
  const headers = securityHeaders(deps.publicUrl)
  const app = createFastify(deps, log, headers)
  const client = new ClientAddress(deps.trustProxy, unreadable =>
    log.warn({ ...unreadable }, 'a trusted proxy sends X-Forwarded-For with an entry that is no address'),
  )
  const registry = new RouteRegistry()
  const streams = new StreamAnswers()
  const metrics = deps.metrics === 'off' ? undefined : new Metrics(deps.gauges)
  let isClosing = false

  decorateRequests(app)
  const stepsOf = addRequestSteps(app, {
    guard: deps.guard,
    corsOrigins: deps.corsOrigins,
    streams,
    headers,
    publicOrigin: new URL(deps.publicUrl).origin,
    addressOf: request => client.addressOf(request),
    hostOf: request => client.hostOf(request),
    isTrustedProxy: request => client.isTrustedProxy(request),
    isClosing: () => isClosing,
    log(request, reply) {
      logRequest(request, reply)
      metrics?.observe({
        method: request.method,
        route: request.routeOptions.url,
        status: reply.statusCode,
        seconds: reply.elapsedTime / 1000,
      })
    },
  })
  app.setNotFoundHandler((request, reply) => answerUnmatched(app, request, reply))
  registerProbes(app, deps, metrics)
  registerDocuments(app, deps, () => registry.routes)
  registerPages(app, deps)
  // Once all modules have given their records: Fastify loads its plugins when it becomes ready.
  const registerRoutes = (scope: FastifyInstance, isOfScope: (route: Route) => boolean) => {
    for (const { basePath, route } of registry.routes)
      if (isOfScope(route)) addRoute(scope, basePath, route, stepsOf(route))
  }
  app.register(async withCookies => {
    await withCookies.register(cookie)
    registerRoutes(withCookies, usesCookies)
  })
  app.register(async forms => {
    takeFormsOnly(forms)
    registerRoutes(forms, takesForm)
  })
  app.register(async api => registerRoutes(api, route => !usesCookies(route) && !takesForm(route)))

  return {
    register(basePath, routes) {
      for (const route of routes) registry.add(basePath, route)
    },
    get routes() {
      return registry.routes
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

function createFastify(deps: HttpDeps, log: Log, headers: Readonly<Record<string, string>>) {
  const answerClientError = clientErrorAnswer(deps.random, log, headers)
  const strip = stripBasePath(basePathOf(deps.publicUrl))
  const app = Fastify<Server, IncomingMessage, ServerResponse>({
    loggerInstance: log as FastifyBaseLogger,
    // One line of our own for each request, in `logRequest`.
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: logger => logger,
    genReqId: () => deps.random.uuid(),
    bodyLimit: bodyLimitBytes,
    serverFactory: listener => createNodeServer(listener, deps.limits ?? defaultLimits),
    rewriteUrl: request => withoutForwardedUri(strip(toOriginForm(request.url ?? '/'))),
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
  app.setSerializerCompiler(() => JSON.stringify)
  return app
}

/** Whether the route reads or sets a cookie. */
const usesCookies = ({ access, usesDeviceToken }: Route): boolean =>
  access === 'browser' || usesDeviceToken === true

const takesForm = ({ standard }: Route): boolean => standard?.body === 'form'

/** Beside GET, and HEAD that comes with it. */
const methodsOfOthers = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

/** Registers a record as a Fastify route, under each of its spellings. */
function addRoute(app: FastifyInstance, basePath: string, route: Route, steps: RouteSteps): void {
  for (const path of [route.path, ...(route.deprecatedPaths ?? [])]) {
    app.route({
      method: route.method,
      url: `${basePath}${path}`,
      config: { record: route, isDeprecated: path !== route.path },
      schema: inputSchema(route),
      ...steps,
    })
  }
  if (route.asksForAnother) {
    // Without the record: documents show the route once.
    const schema = inputSchema(route)
    app.route({ method: [...methodsOfOthers], url: `${basePath}${route.path}`, schema, ...steps })
  }
}

const noParameters = { type: 'object', properties: {}, additionalProperties: false } as const

/** What Fastify validates. Every route takes exactly what it names. */
const inputSchema = ({ method, params, query, body }: Route) => ({
  ...(params !== undefined && { params }),
  querystring: query ?? noParameters,
  ...(method !== 'GET' && { body: body ?? noBody }),
})

/** A verifier that meets an unknown `kid` asks again; a minute keeps the rest of them from asking. */
const keySetMaxAgeSeconds = 60

type ProbeDeps = Pick<HttpDeps, 'jwks' | 'readiness' | 'metrics'>

/** What machines ask at the root of the host: is it alive, can it answer, how is it doing, which keys sign. */
function registerProbes(app: FastifyInstance, deps: ProbeDeps, metrics: Metrics | undefined): void {
  app.get('/health/live', async () => ({ status: 'ok' }))

  app.get('/health/ready', async (_request, reply) => {
    const { ready, checks } = await deps.readiness().catch(cause => {
      throw new Rejection('unavailable', { cause })
    })
    if (!ready) reply.code(503).header('retry-after', '1')
    return { status: ready ? 'ok' : 'unavailable', checks }
  })

  app.get('/.well-known/jwks.json', async (_request, reply) => {
    reply.header('cache-control', `public, max-age=${keySetMaxAgeSeconds}`)
    return deps.jwks()
  })

  if (metrics === undefined) return
  app.get('/metrics', async (request, reply) => {
    // A caller from outside gets the same answer as for an address that does not exist.
    if (deps.metrics === 'loopback' && !isLocalRequest(request)) throw new Rejection('not_found')
    return reply.type(metrics.contentType).send(await metrics.scrape())
  })
}
