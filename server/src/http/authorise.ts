import type { FastifyRequest } from 'fastify'
import { missingPermission, type Principal, permissionName, Refusal } from '../kernel/index.ts'
import { presentedAuthorization } from './bearer.ts'
import type { RequestGuard } from './options.ts'
import { originOf } from './origin-of.ts'
import { pathForLog } from './request-log.ts'
import { type Access, actionOfMethod, type Method } from './route.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is asking, as soon as the token was admitted; undefined on public routes. */
    principal: Principal | undefined
  }
}

interface GuardedRoute {
  readonly method: Method
  readonly access: Exclude<Access, 'public'>
}

/**
 * Lets a request of a route pass or throws the Refusal: first the token, then the permission. Nothing of the
 * request's form has been looked at by then, so a caller without the permission learns nothing from it.
 */
export function authorise(
  guard: RequestGuard,
  route: GuardedRoute,
  request: FastifyRequest,
): Promise<void> | void {
  const authorization = presentedAuthorization(request.raw.rawHeaders, request.headers.authorization)
  const admitted = guard.authenticate(authorization)
  // Known from memory in all but rare moments: then nothing is waited for.
  return admitted instanceof Promise
    ? admitted.then(principal => judge(guard, route, request, principal))
    : judge(guard, route, request, admitted)
}

function judge(
  guard: RequestGuard,
  { method, access }: GuardedRoute,
  request: FastifyRequest,
  principal: Principal,
): void {
  request.principal = principal
  if (access === 'authenticated') return
  const { resource_name, action = actionOfMethod[method] } = access
  if (guard.permits(principal, resource_name, action)) return
  throw missingPermission(permissionName(resource_name, action))
}

/** Has a refused permission written to the audit, wherever in the request it was refused. */
export async function auditDenial(
  guard: RequestGuard,
  error: unknown,
  request: FastifyRequest,
): Promise<void> {
  const { principal, method } = request
  if (!(error instanceof Refusal) || error.code !== 'permission_denied' || principal === undefined) return
  try {
    await guard.denied(principal, error, originOf(request), {
      method,
      path: pathForLog(request.raw.url ?? ''),
    })
  } catch (err) {
    request.log.error(
      { requestId: request.id, err, detail: error.detail },
      'a refused permission could not be audited',
    )
  }
}
