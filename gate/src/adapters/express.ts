import type { Principal } from '../verdict.ts'
import { authorizing, type CheckingGate, neededOf, type ResourceOptions } from './authorize-request.ts'
import { type NodeRequest, type NodeResponse, presentedByNode, writeResponse } from './node-request.ts'
import { protectedResource } from './protected-resource.ts'

export type { Principal } from '../verdict.ts'
export type { CheckingGate, RefusalReport, ResourceOptions } from './authorize-request.ts'

declare global {
  namespace Express {
    interface Request {
      /** Who is asking, behind `resource(…)`. */
      principal?: Principal
    }
  }
}

/** What is read and written of a request of Express 4 and 5, of Connect, and of `node:http`. */
export interface ExpressRequest extends NodeRequest {
  readonly originalUrl?: string
  principal?: Principal
}

export type Middleware = (
  request: ExpressRequest,
  response: NodeResponse,
  next: (error?: unknown) => void,
) => void

/**
 * Lets a request pass whose bearer may do what its method means on the resource, with the caller as `request.principal`,
 * and answers any other with 401, 403 or 503. A preflight of CORS has no token: put the middleware that answers it before.
 */
export function resource(gate: CheckingGate, name: string, options: ResourceOptions = {}): Middleware {
  const authorize = authorizing(gate, options)
  const needed = neededOf(name, options)

  /** Whether the request goes on. */
  async function decide(request: ExpressRequest, response: NodeResponse): Promise<boolean> {
    const answer = await authorize(presentedByNode(request), needed)
    if (answer.ok) {
      request.principal = answer.principal
      return true
    }
    const { status, headers, problem } = answer.refusal
    writeResponse(response, status, { headers, body: JSON.stringify(problem) })
    return false
  }

  // Express 4 waits for no promise: what is rejected must be handed over.
  return (request, response, next) => {
    decide(request, response).then(goesOn => goesOn && next(), next)
  }
}

/** The caller of a request that passed `resource(…)`. Throws on a route that is not behind it. */
export function principalOf(request: { readonly principal?: Principal }): Principal {
  if (request.principal === undefined) {
    throw new TypeError('The request has no principal: its route is not behind resource(…)')
  }
  return request.principal
}

/** Answers `/.well-known/oauth-protected-resource` (RFC 9728) for this service, whose public address is given. */
export function protectedResourceMetadata(gate: CheckingGate, address: string): Middleware {
  const { path, ...metadata } = protectedResource(gate, address)
  return (request, response, next) => {
    const [asked] = (request.originalUrl ?? request.url ?? '').split('?')
    const isAsked = asked === path && (request.method === 'GET' || request.method === 'HEAD')
    if (isAsked) writeResponse(response, 200, metadata)
    else next()
  }
}
