import type { RequestListener } from 'node:http'
import Fastify, { type FastifyInstance } from 'fastify'
import { createDoor, type Door, securityHeaders } from '../door/index.ts'
import { invalidField, message, Refusal } from '../kernel/index.ts'
import { auditDenial } from './authorise.ts'
import { countHeader } from './bearer.ts'
import { bodyLimitBytes } from './body.ts'
import { clientErrorAnswer } from './client-error.ts'
import { createCors } from './cors.ts'
import { registerDocuments } from './documents/register-documents.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import type { HttpOptions } from './options.ts'
import { registerProbes } from './probes.ts'
import { registerRoute } from './register-route.ts'
import { loggerOptions, logRequest, quietLogController } from './request-log.ts'
import type { Route } from './route.ts'
import { type BookedRoute, RouteBook } from './route-book.ts'
import { sendProblem } from './send-problem.ts'
import { answerUnmatched } from './unmatched.ts'
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
  /** A request without a socket, for tests. */
  readonly inject: FastifyInstance['inject']
  readonly log: FastifyInstance['log']
}

/** The web server, without any route of the rooms yet. */
export function createHttpApp(options: HttpOptions): HttpApp {
  const headers = securityHeaders(options.publicUrl)
  const door = options.door ?? createDoor(headers)
  const { engine, house } = createEngine(options, headers, door)
  const book = new RouteBook()
  const metrics = createMetrics()
  addCommonHooks(engine, options, headers, metrics)
  registerProbes(engine, options, metrics)
  registerDocuments(engine, options, () => ({ ...options, routes: book.routes }))
  return {
    register(basePath, routes) {
      for (const route of routes) {
        book.add(basePath, route)
        registerRoute(engine, options.guard, basePath, route)
      }
    },
    get routes() {
      return book.routes
    },
    async listen(at) {
      await engine.ready()
      await door.listen(at)
      door.admit(house)
      engine.log.info(`Server listening at ${door.address}`)
      // What most requests need is loaded once the door has been open for a moment: the first answer does not wait for it.
      setTimeout(loadValidator, warmUpAfterMs).unref()
      return door.address
    },
    async close() {
      // First the word that this is the end, then the wait for what is under way.
      await engine.close()
      await door.close()
    },
    inject: engine.inject.bind(engine) as FastifyInstance['inject'],
    log: engine.log,
  }
}

function createEngine(options: HttpOptions, headers: Readonly<Record<string, string>>, door: Door) {
  let house: RequestListener | undefined
  const engine = Fastify({
    logger: loggerOptions(options),
    logController: quietLogController(),
    // No logger of its own for each request: the few lines that there are name the request themselves.
    childLoggerFactory: logger => logger,
    genReqId: () => options.random.uuid(),
    trustProxy: options.trustProxy === false ? false : [...options.trustProxy],
    bodyLimit: bodyLimitBytes,
    serverFactory(listener) {
      house = listener
      return door.server
    },
    routerOptions: {
      ignoreTrailingSlash: true,
      ignoreDuplicateSlashes: false,
      // A semicolon stays part of the path (the engine's default): what a proxy saw is what is matched.
      maxParamLength: 200,
      // The text itself goes on to `parseQueryString`: in here nothing can be refused.
      querystringParser: raw => ({ raw }),
    },
    exposeHeadRoutes: true,
    // Our own code judges and writes; without these two the engine would load its own compilers at every start.
    schemaController: { compilersFactory: { buildValidator: noCompiler, buildSerializer: noCompiler } },
    // The engine's own 503 would lack our form and our headers; `addCommonHooks` answers instead.
    return503OnClosing: false,
    clientErrorHandler: clientErrorAnswer(options.random, headers),
    // What is wrong before a route is known meets no hook, so it gets its headers and its log line here.
    frameworkErrors(error, request, reply) {
      reply.headers(headers)
      sendProblem(error, request, reply)
      logRequest(request, reply)
    },
  })
  return { engine, house: house! }
}

const noCompiler = () => () => {
  throw new Error('A route of the engine has a schema. Give it to the Route record instead.')
}

/** A request that comes sooner loads what it needs by itself. */
const warmUpAfterMs = 500

function addCommonHooks(
  engine: FastifyInstance,
  options: HttpOptions,
  headers: Readonly<Record<string, string>>,
  metrics: Metrics,
) {
  const cors = createCors(options.corsOrigins)
  let closing = false

  engine.decorateRequest('principal', undefined)
  engine.decorateRequest('problem', undefined)
  engine.decorateRequest('pattern', undefined)

  // One parser for every media type: it only collects the bytes. What they are is judged once, in body.ts.
  engine.removeAllContentTypeParsers()
  engine.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, bytes, done) => done(null, bytes))

  engine.addHook('preClose', async () => {
    closing = true
  })
  // Hooks of the hot path wait for nothing, so they take a callback: a promise each would cost as much as their work.
  engine.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers)
    cors.decorate(request, reply)
    if (closing) throw new Refusal('unavailable')
    // RFC 9112 section 3.2: two Hosts, or none in HTTP/1.1, must be a 400.
    const hosts = countHeader(request.raw.rawHeaders, 'host')
    if (hosts > 1 || (hosts === 0 && request.raw.httpVersion !== '1.0')) {
      throw invalidField('host', message('host.required'))
    }
    if (request.is404) answerUnmatched(engine, cors, request, reply)
    else done()
  })
  engine.addHook('onResponse', (request, reply, done) => {
    logRequest(request, reply)
    if (options.metrics !== 'off') metrics.observe(request, reply)
    // A connection that was busy when the server began to close would else be kept for its next request.
    if (closing) setImmediate(() => engine.server.closeIdleConnections())
    done()
  })
  engine.setErrorHandler(async (error, request, reply) => {
    await auditDenial(options.guard, error, request)
    sendProblem(error, request, reply)
    return reply
  })
  // Every unmatched request is answered in the hook above; this is only reached if one slips through.
  engine.setNotFoundHandler((request, reply) => sendProblem(new Refusal('not_found'), request, reply))
  // RFC 9110 section 10.1.1: an expectation that is not known may be ignored. Node would answer in its own form.
  engine.server.on('checkExpectation', (request, response) =>
    engine.server.emit('request', request, response),
  )
}
