import type { FastifyReply, FastifyRequest } from 'fastify'
import { type ClientInfo, type Locale, localeOf } from '../kernel/index.ts'
import {
  type DeviceToken,
  deviceToken,
  type ForwardCookie,
  forwardCookie,
  type RememberedDeviceCookie,
  rememberedDeviceCookie,
  type SessionCookie,
  sessionCookie,
} from './cookies.ts'
import type { RequestGuard } from './http-deps.ts'
import { idempotencyKeyOf } from './idempotency-key.ts'
import { type PreconditionOn, preconditionOf } from './preconditions.ts'
import { originOf } from './request.ts'
import {
  type Access,
  isAnonymous,
  isStepUpAsked,
  type ProxiedRequest,
  permissionsOf,
  type Route,
} from './route.ts'
import type { Source, StreamAnswers } from './stream-answers.ts'

interface Deps {
  readonly guard: RequestGuard
  readonly streams: StreamAnswers
  /** Whether the other end of the socket is a proxy that the settings trust. */
  readonly isTrustedProxy: (request: FastifyRequest['raw']) => boolean
}

export type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown
export type Responder = (
  request: FastifyRequest,
  reply: FastifyReply,
  result: unknown,
) => Promise<FastifyReply>

/** Calls the handler of a route. Its transactions assert that the caller still may act. */
export function handle({ guard, streams, isTrustedProxy }: Deps, route: Route): Handler {
  const { access, method, success } = route as Pick<Route, 'method' | 'success'> & { access: Access }
  const permissions = permissionsOf({ access, method })
  const { stepUp } = route as Pick<Route, 'stepUp'>
  const askedFor = ({ body }: FastifyRequest) => ({ permissions, isSteppedUp: isStepUpAsked(stepUp, body) })
  return (request, reply) => {
    const call = new Call(route, request, reply, isTrustedProxy) as AnyCall
    const work = () => route.handler(call)
    const result = isAnonymous(access) ? work() : guard.actAs(request.principal!, askedFor(request), work)
    const settled = success.stream === true ? streams.open(request, reply, result as Source) : result
    return isAnonymous(access) || !(settled instanceof Promise) ? settled : guard.whileSure(settled)
  }
}

/** Sends what a handler gave, as the record of its route says. */
export const respond =
  ({ streams }: Deps, { success }: Route): Responder =>
  async (request, reply, result) => {
    reply.code(success.status)
    const other = success.other?.isAsked(request.query as never) === true ? success.other : undefined
    const { headers, contentType } = other ?? success
    if (headers !== undefined) reply.headers(headers)
    if (success.etag !== undefined) reply.header('etag', success.etag(result as never))
    if (contentType !== undefined) reply.type(contentType)
    if (success.stream === true) return streams.send(request, reply, result as never)
    await endOfTurn()
    return reply.send(result)
  }

let pending: Promise<void> | undefined

/**
 * Resolves when the event loop has looked at everything that has come by now. Answers that wait for it are written one after
 * the other: written in between, each wakes a client on the same machine, such as a proxy (ADR 27).
 */
function endOfTurn(): Promise<void> {
  pending ??= new Promise(resolve => {
    setImmediate(() => {
      pending = undefined
      resolve()
    })
  })
  return pending
}

type AnyCall = Parameters<Route['handler']>[0]

/**
 * What the handler is given. A class, because getters of an object of its own would be a new shape for each request,
 * which lives until a full collection. Getters, because few handlers ask for the origin or the locale.
 */
class Call {
  readonly principal: FastifyRequest['principal']
  readonly sessionCookie: SessionCookie | undefined
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
  readonly #route: Route
  readonly #request: FastifyRequest
  readonly #reply: FastifyReply
  readonly #isTrustedProxy: Deps['isTrustedProxy']

  constructor(
    route: Route,
    request: FastifyRequest,
    reply: FastifyReply,
    isTrustedProxy: Deps['isTrustedProxy'],
  ) {
    this.principal = request.principal
    this.sessionCookie = route.access === 'browser' ? sessionCookie(request, reply) : undefined
    this.params = request.params
    this.query = request.query
    this.body = request.body
    this.#route = route
    this.#request = request
    this.#reply = reply
    this.#isTrustedProxy = isTrustedProxy
  }

  get forwardCookie(): ForwardCookie | undefined {
    return this.#route.access === 'browser' ? forwardCookie(this.#reply) : undefined
  }

  get rememberedDevice(): RememberedDeviceCookie | undefined {
    return this.#route.access === 'browser' ? rememberedDeviceCookie(this.#request, this.#reply) : undefined
  }

  get device(): DeviceToken {
    const { access, path, usesDeviceToken } = this.#route
    if (usesDeviceToken !== true) throw new TypeError(`${path} does not say that it uses device tokens`)
    return deviceToken(access, this.#request, this.#reply)
  }

  get lastEventId(): string | undefined {
    return this.#request.headers['last-event-id']?.toString()
  }

  get idempotencyKey(): string | undefined {
    const { takesIdempotencyKey, path } = this.#route
    if (takesIdempotencyKey !== true)
      throw new TypeError(`${path} does not say that it takes an Idempotency-Key`)
    return idempotencyKeyOf(this.#request)
  }

  get precondition(): PreconditionOn {
    return preconditionOf(this.#request.headers)
  }

  get proxied(): ProxiedRequest {
    const { asksForAnother, path } = this.#route
    if (asksForAnother !== true) throw new TypeError(`${path} does not say that it is asked by proxies`)
    const { raw, originalUrl } = this.#request
    return {
      method: raw.method ?? '',
      target: originalUrl,
      rawHeaders: raw.rawHeaders,
      isTrusted: this.#isTrustedProxy(raw),
      setHeaders: headers => void this.#reply.headers(headers),
    }
  }

  get origin(): ClientInfo {
    return originOf(this.#request)
  }

  get locale(): Locale {
    return localeOf(this.#request.headers['accept-language'])
  }
}
