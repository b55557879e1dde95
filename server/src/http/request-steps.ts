import type { FastifyInstance, FastifyReply, FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify'
import { invalidField, message, Rejection } from '../kernel/index.ts'
import { auditDenial, authorize, countHeader, stepUpByBody } from './authorize.ts'
import {
  bodyCapacity,
  hasBody,
  missingBodyAsEmpty,
  requireBodyOf,
  requireJson,
  takeStrictJsonOnly,
} from './body.ts'
import { requireSameOrigin } from './client-address.ts'
import { type Handler, handle, type Responder, respond } from './handle.ts'
import type { RequestGuard } from './http-deps.ts'
import { requireIdempotencyKeyForm } from './idempotency-key.ts'
import { requireKnownPreconditions } from './preconditions.ts'
import { Redirect } from './redirect.ts'
import { answerCors } from './response-headers.ts'
import { isAnonymous, type Route } from './route.ts'
import { answerUnmatched, sendProblem } from './send-problem.ts'
import type { StreamAnswers } from './stream-answers.ts'
import { validatorCompiler, withFaultsOfAllParts } from './validation.ts'

interface StepDeps {
  readonly guard: RequestGuard
  readonly streams: StreamAnswers
  readonly corsOrigins: readonly string[]
  /** The headers of every response. */
  readonly headers: Readonly<Record<string, string>>
  /** The origin that pages of our own are served from. */
  readonly publicOrigin: string
  readonly addressOf: (request: FastifyRequest['raw']) => string
  /** The origin that the browser asked, as far as it can be known. */
  readonly hostOf: (request: FastifyRequest['raw']) => string
  readonly isTrustedProxy: (request: FastifyRequest['raw']) => boolean
  readonly isClosing: () => boolean
  /** Called once for each request, when its response is out or the client is gone. */
  readonly log: (request: FastifyRequest, reply: FastifyReply) => void
}

export type RouteSteps = Pick<
  RouteShorthandOptionsWithHandler,
  'onRequest' | 'preValidation' | 'preHandler' | 'handler'
>

/**
 * A request, step by step, in this order (ADR 27). Fastify has found the route before the first. What a step throws is
 * the response, as a problem. Gives the steps of an API route, which are hooks of that route itself: no spelling of a
 * path leads around its permission.
 */
export function addRequestSteps(app: FastifyInstance, deps: StepDeps): (route: Route) => RouteSteps {
  // Every request, also for documents, probes and pages:
  app.addHook('onRequest', logAtEnd(app, deps))
  app.addHook('onRequest', readClientAddress(deps))
  app.addHook('onRequest', setHeaders(deps))
  answerCors(app, deps.corsOrigins)
  // Answering CORS is a plugin, whose hook Fastify adds later: these come after it.
  app.after(() => {
    app.addHook('onRequest', rejectWhileClosing(deps))
    app.addHook('onRequest', requireOneHost)
    app.addHook('onRequest', ignoreTypeOfNoBody)
    app.addHook('onRequest', requireRoute(app))
  })
  takeStrictJsonOnly(app)
  app.setValidatorCompiler(validatorCompiler)
  app.setErrorHandler(respondWithProblem(deps))
  const reserveBodyCapacity = bodyCapacity()

  // Then an API route. A rejection by its head costs no body:
  return route => {
    const sameOrigin = route.access === 'browser' ? [requireOwnPage(deps)] : []
    const authenticateAndAuthorize = isAnonymous(route.access) ? [] : [authorize(deps.guard, route)]
    const inBody = route.standard?.authorizationOf === undefined ? [] : authenticateAndAuthorize
    const echo = route.standard?.echoesRequestId ? [echoRequestId] : []
    return {
      onRequest: [...echo, ...sameOrigin, ...authenticateAndAuthorize, checkHead(route), reserveBodyCapacity],
      // Fastify reads the body (`takeStrictJsonOnly`, `takeFormsOnly`).
      preValidation: [missingBodyAsEmpty, ...inBody],
      // Fastify validates path, body and query (`validatorCompiler`).
      preHandler: [
        ...authenticateAndAuthorize.map(againAfterBody),
        ...(route.stepUp?.when === undefined ? [] : [stepUpByBody(deps.guard, route)]),
      ],
      handler: inSequence(handle(deps, route), respond(deps, route)),
    }
  }
}

/** A step that lets a request pass or throws what it is rejected with. */
type Step = (request: FastifyRequest, reply: FastifyReply, done: () => void) => void

const logAtEnd =
  (app: FastifyInstance, { log, isClosing }: StepDeps): Step =>
  (request, reply, done) => {
    // Comes once, when the response is out or its connection broke. Fastify's onResponse hears only of the first.
    reply.raw.once('close', () => {
      log(request, reply)
      // A connection that was busy when the server began to close would else be kept for its next request.
      if (isClosing()) app.server.closeIdleConnections()
    })
    done()
  }

const readClientAddress =
  ({ addressOf }: StepDeps): Step =>
  (request, _reply, done) => {
    request.clientAddress = addressOf(request.raw)
    done()
  }

const setHeaders =
  ({ headers }: StepDeps): Step =>
  (_request, reply, done) => {
    reply.headers(headers)
    done()
  }

const rejectWhileClosing =
  ({ isClosing }: StepDeps): Step =>
  (_request, reply, done) => {
    if (isClosing()) {
      reply.header('connection', 'close')
      throw new Rejection('unavailable')
    }
    done()
  }

/** RFC 9112 section 3.2: two Hosts, or none in HTTP/1.1, must be a 400. */
const requireOneHost: Step = ({ raw: { rawHeaders, httpVersion } }, _reply, done) => {
  const hosts = countHeader(rawHeaders, 'host')
  if (hosts > 1 || (hosts === 0 && httpVersion !== '1.0')) {
    throw invalidField('host', message('host.required'))
  }
  done()
}

/** A Content-Type without content says nothing; Fastify would refuse a request for it. */
const ignoreTypeOfNoBody: Step = ({ headers }, _reply, done) => {
  if (!hasBody(headers)) delete headers['content-type']
  done()
}

const requireRoute =
  (app: FastifyInstance): Step =>
  (request, reply, done) => {
    if (request.is404) answerUnmatched(app, request, reply)
    else done()
  }

const requireOwnPage =
  ({ publicOrigin, hostOf }: StepDeps): Step =>
  (request, _reply, done) => {
    requireSameOrigin(request, publicOrigin, hostOf(request.raw))
    done()
  }

const echoRequestId: Step = ({ headers }, reply, done) => {
  const id = headers['x-request-id']
  if (id !== undefined) reply.header('x-request-id', id)
  done()
}

/** Checks what the head of a request says of its form. */
const checkHead =
  ({
    assertOpen,
    method,
    access,
    body,
    takesIfMatch,
    takesIdempotencyKey,
    standard,
    asksForAnother,
  }: Route): Step =>
  (request, _reply, done) => {
    const { headers } = request
    assertOpen?.()
    // A proxy that asks passes on the preconditions of the other request.
    if (!asksForAnother) checkPreconditions(headers, method, takesIfMatch === true)
    if (takesIdempotencyKey) requireIdempotencyKeyForm(request)
    if (body !== undefined && standard !== undefined) requireBodyOf(standard, headers)
    else if (body !== undefined) requireJson(headers, access === 'browser')
    // RFC 9110 section 9.3.1: content in a GET has no meaning, so it can only be a mistake or a smuggled request.
    else if (method === 'GET' && hasBody(headers)) throw invalidField('body', message('body.unexpected'))
    done()
  }

function checkPreconditions(headers: FastifyRequest['headers'], method: string, takesIfMatch: boolean): void {
  if (method !== 'GET') requireKnownPreconditions(headers, takesIfMatch)
  else if (headers['if-match'] !== undefined) {
    throw invalidField('if-match', message('precondition.not_taken'))
  }
}

/** Until a body is there the session may end and the permission go: where one was waited for, both are checked again. */
const againAfterBody =
  (authorizeAgain: ReturnType<typeof authorize>): ReturnType<typeof authorize> =>
  (request, reply, done) =>
    hasBody(request.headers) ? authorizeAgain(request, reply, done) : done()

const inSequence =
  (handle: Handler, respond: Responder) => async (request: FastifyRequest, reply: FastifyReply) =>
    respond(request, reply, await handle(request, reply))

const respondWithProblem =
  ({ guard }: StepDeps) =>
  async (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    if (error instanceof Redirect) return reply.redirect(error.location, 302)
    await auditDenial(guard, error, request)
    return sendProblem(withFaultsOfAllParts(error, request), request, reply)
  }
