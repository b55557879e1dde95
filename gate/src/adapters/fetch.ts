import type { Principal } from '../verdict.ts'
import {
  authorizing,
  type CheckingGate,
  neededOf,
  type PresentedRequest,
  type ResourceOptions,
} from './authorize-request.ts'
import { protectedResource } from './protected-resource.ts'
import type { Refusal } from './refusal.ts'

export type { Principal } from '../verdict.ts'
export type { CheckingGate, RefusalReport, ResourceOptions } from './authorize-request.ts'

/** Answers a request of a known caller. What the runtime gives beside the request (`env`, `info`, a server) follows. */
export type GuardedHandler<Rest extends readonly unknown[]> = (
  request: Request,
  principal: Principal,
  ...rest: Rest
) => Response | Promise<Response>

/** `fetch` of Bun, Deno, workers and whatever knows `Request` and `Response`. */
export type FetchHandler<Rest extends readonly unknown[]> = (
  request: Request,
  ...rest: Rest
) => Promise<Response>

/**
 * A handler for those whose token may do what the method of their request means on the resource. Any other request is
 * answered with 401, 403 or 503. With `protectedResource` it answers `/.well-known/oauth-protected-resource`, too.
 */
export function guard<Rest extends readonly unknown[]>(
  gate: CheckingGate,
  name: string,
  handler: GuardedHandler<Rest>,
  options: ResourceOptions = {},
): FetchHandler<Rest> {
  const authorize = authorizing(gate, options)
  const needed = neededOf(name, options)
  const address = options.protectedResource
  const metadata = address === undefined ? undefined : protectedResourceMetadata(gate, address)
  return async (request, ...rest) => {
    const known = metadata?.(request)
    if (known !== undefined) return known
    const answer = await authorize(presentedByFetch(request), needed)
    return answer.ok ? handler(request, answer.principal, ...rest) : toResponse(answer.refusal)
  }
}

/** The answer to a request for `/.well-known/oauth-protected-resource` (RFC 9728); undefined for any other. */
export function protectedResourceMetadata(
  gate: CheckingGate,
  address: string,
): (request: Request) => Response | undefined {
  const { path, body, headers } = protectedResource(gate, address)
  return ({ method, url }) =>
    new URL(url).pathname === path && (method === 'GET' || method === 'HEAD')
      ? new Response(body, { headers })
      : undefined
}

/** Two Authorization headers are one with a comma here, which is no token. */
export const presentedByFetch = ({ method, headers }: Request): PresentedRequest => ({
  method,
  authorization: headers.get('authorization') ?? undefined,
})

export const toResponse = ({ status, headers, problem }: Refusal): Response =>
  new Response(JSON.stringify(problem), { status, headers })
