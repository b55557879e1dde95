import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { invalidField, type Locale, localeOf, message, type Origin } from '../kernel/index.ts'
import { authorize } from './authorize.ts'
import { hasBody, missingBodyAsEmpty, noBody, requireJson } from './body.ts'
import type { bodyRoom } from './body-room.ts'
import { type CookieJar, cookieJar } from './cookie-jar.ts'
import { type DeviceSlot, deviceSlot } from './device-slot.ts'
import { endOfTurn } from './end-of-turn.ts'
import type { RequestGuard } from './options.ts'
import { type PreconditionOn, preconditionOf, requireKnownPreconditions } from './preconditions.ts'
import { originOf } from './request.ts'
import { type Access, isAnonymous, permissionsOf, type Route } from './route.ts'
import { requireSameOrigin } from './same-origin.ts'
import type { Source, StreamAnswers } from './stream-answers.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The record of a route of the API, for its documents. */
    record?: Route
    /** Whether this is an older spelling of the record's path. */
    isDeprecated?: boolean
  }
}

interface RouteDeps {
  readonly guard: RequestGuard
  readonly streams: StreamAnswers
  /** The hook of body-room.ts, one for all routes. */
  readonly roomForBody: ReturnType<typeof bodyRoom>
  /** The origin that pages of our own are served from. */
  readonly publicOrigin: string
  /** The origin that the browser asked, as far as it can be known. */
  readonly hostOf: (request: FastifyRequest) => string
}

/**
 * Registers a record as a Fastify route, under each of its spellings. The guard is a hook of the route itself, so no
 * spelling of a path leads around it:
 *
 * 1. `onRequest`: token and permission, then what the head says of the form. A rejection here costs no body.
 * 2. Fastify reads the body (body.ts) and validates path, body and query (validation.ts).
 * 3. `preHandler`: token and permission once more, when a body was waited for.
 * 4. The handler, and its result as the response.
 */
export function registerRoute(app: FastifyInstance, deps: RouteDeps, basePath: string, route: Route): void {
  const { access, method } = route as { access: Access; method: Route['method'] }
  const guarded = isAnonymous(access) ? [] : [authorize(deps.guard, { method, access })]
  const sameOrigin = access === 'browser' ? [sameOriginHook(deps)] : []

  for (const path of [route.path, ...(route.deprecatedPaths ?? [])]) {
    app.route({
      method,
      url: `${basePath}${path}`,
      config: { record: route, isDeprecated: path !== route.path },
      schema: inputSchema(route),
      onRequest: [...sameOrigin, ...guarded, headForm(route), deps.roomForBody],
      preValidation: check(missingBodyAsEmpty),
      preHandler: guarded.map(onlyAfterBody),
      handler: handlerOf(deps, route),
    })
  }
}

const noParameters = { type: 'object', properties: {}, additionalProperties: false } as const

/** What Fastify validates. Every route takes exactly what it names. */
const inputSchema = ({ method, params, query, body }: Route) => ({
  ...(params !== undefined && { params }),
  querystring: query ?? noParameters,
  ...(method !== 'GET' && { body: body ?? noBody }),
})

/** A hook that only throws or lets pass. */
const check =
  (judge: (request: FastifyRequest) => void) =>
  (request: FastifyRequest, _reply: FastifyReply, done: () => void) => {
    judge(request)
    done()
  }

const sameOriginHook = ({ publicOrigin, hostOf }: RouteDeps) =>
  check(request => requireSameOrigin(request, publicOrigin, hostOf(request)))

/** What the head of a request says of its form. */
const headForm = (route: Route) =>
  check(({ headers }) => {
    route.assertOpen?.()
    if (route.method !== 'GET') requireKnownPreconditions(headers, route.takesIfMatch === true)
    else if (headers['if-match'] !== undefined) {
      throw invalidField('if-match', message('precondition.not_taken'))
    }
    if (route.body !== undefined) requireJson(headers, route.access === 'browser')
    // RFC 9110 section 9.3.1: content in a GET has no meaning, so it can only be a mistake or a smuggled request.
    else if (route.method === 'GET' && hasBody(headers))
      throw invalidField('body', message('body.unexpected'))
  })

type Hook = ReturnType<typeof authorize>

/** Until a body is there the session may end and the permission go (ADR 27). */
const onlyAfterBody =
  (hook: Hook): Hook =>
  (request, reply, done) =>
    hasBody(request.headers) ? hook(request, reply, done) : done()

function handlerOf({ guard, streams }: RouteDeps, route: Route) {
  const { access, method, success } = route as Pick<Route, 'method' | 'success'> & { access: Access }
  const permissions = permissionsOf({ access, method })
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const call = new Call(route, request, reply) as AnyCall
    const handle = () => route.handler(call)
    const result = isAnonymous(access) ? handle() : guard.actAs(request.principal!, permissions, handle)
    const settled = success.stream === true ? streams.open(request, reply, result as Source) : result
    const value: unknown =
      isAnonymous(access) || !(settled instanceof Promise) ? await settled : await guard.whileSure(settled)
    reply.code(success.status)
    if (success.headers !== undefined) reply.headers(success.headers)
    if (success.etag !== undefined) reply.header('etag', success.etag(value as never))
    if (success.contentType !== undefined) reply.type(success.contentType)
    if (success.stream === true) return streams.send(request, reply, value as never)
    await endOfTurn()
    return reply.send(value)
  }
}

type AnyCall = Parameters<Route['handler']>[0]

/**
 * What the handler is given. A class, because getters of an object of its own would be a new shape for each request,
 * which lives until a full collection. Getters, because few handlers ask for the origin or the locale.
 */
class Call {
  readonly principal: FastifyRequest['principal']
  readonly jar: CookieJar | undefined
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
  readonly #route: Route
  readonly #request: FastifyRequest
  readonly #reply: FastifyReply

  constructor(route: Route, request: FastifyRequest, reply: FastifyReply) {
    this.principal = request.principal
    this.jar = route.access === 'browser' ? cookieJar(request, reply) : undefined
    this.params = request.params
    this.query = request.query
    this.body = request.body
    this.#route = route
    this.#request = request
    this.#reply = reply
  }

  get device(): DeviceSlot {
    const { access, path, usesDeviceToken } = this.#route
    if (usesDeviceToken !== true) throw new TypeError(`${path} does not say that it uses device tokens`)
    return deviceSlot(access, this.#request, this.#reply)
  }

  get precondition(): PreconditionOn {
    return preconditionOf(this.#request.headers)
  }

  get origin(): Origin {
    return originOf(this.#request)
  }

  get locale(): Locale {
    return localeOf(this.#request.headers['accept-language'])
  }
}
