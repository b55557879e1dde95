import type { MiddlewareHandler } from 'hono'
import type { Principal } from '../verdict.ts'
import { authorizing, type CheckingGate, neededOf, type ResourceOptions } from './authorize-request.ts'
import { protectedResourceMetadata as metadataOf, presentedByFetch, toResponse } from './fetch.ts'

export type { Principal } from '../verdict.ts'
export type { CheckingGate, RefusalReport, ResourceOptions } from './authorize-request.ts'

declare module 'hono' {
  interface ContextVariableMap {
    /** Who is asking, behind `resource(…)`; elsewhere there is none. */
    principal: Principal
  }
}

/**
 * Lets a request pass whose bearer may do what its method means on the resource, with the caller as `c.get('principal')`,
 * and answers any other with 401, 403 or 503. A preflight of CORS has no token: put the middleware that answers it before.
 */
export function resource(gate: CheckingGate, name: string, options: ResourceOptions = {}): MiddlewareHandler {
  const authorize = authorizing(gate, options)
  const needed = neededOf(name, options)
  return async (context, next) => {
    const answer = await authorize(presentedByFetch(context.req.raw), needed)
    if (!answer.ok) return toResponse(answer.refusal)
    context.set('principal', answer.principal)
    await next()
  }
}

/** Answers `/.well-known/oauth-protected-resource` (RFC 9728) for this service, whose public address is given. */
export function protectedResourceMetadata(gate: CheckingGate, address: string): MiddlewareHandler {
  const answer = metadataOf(gate, address)
  return async (context, next) => answer(context.req.raw) ?? (await next())
}
