import { missingPermission, type Principal, permissionName, Refusal } from '../kernel/index.ts'
import { presentedAuthorization } from './bearer.ts'
import type { Exchange } from './exchange.ts'
import type { Log } from './log.ts'
import type { RequestGuard } from './options.ts'
import { pathForLog } from './request-log.ts'
import { type Access, type Anonymous, actionOfMethod, type Method } from './route.ts'

interface GuardedRoute {
  readonly method: Method
  readonly access: Exclude<Access, Anonymous>
}

/**
 * Lets a request of a route pass or throws the Refusal: first the token, then the permission. Nothing of the
 * request's form has been looked at by then, so a caller without the permission learns nothing from it.
 */
export function authorise(
  guard: RequestGuard,
  route: GuardedRoute,
  exchange: Exchange,
): Promise<void> | void {
  const authorization = presentedAuthorization(exchange.request)
  const admitted = guard.authenticate(authorization)
  // Known from memory in all but rare moments: then nothing is waited for.
  return admitted instanceof Promise
    ? admitted.then(principal => judge(guard, route, exchange, principal))
    : judge(guard, route, exchange, admitted)
}

function judge(
  guard: RequestGuard,
  { method, access }: GuardedRoute,
  exchange: Exchange,
  principal: Principal,
): void {
  exchange.principal = principal
  if (access === 'authenticated') return
  const { resource_name, action = actionOfMethod[method], also } = access
  assertPermits(guard, principal, resource_name, action)
  if (also !== undefined) assertPermits(guard, principal, also.resource_name, also.action)
}

function assertPermits(guard: RequestGuard, principal: Principal, resource: string, action: string): void {
  if (!guard.permits(principal, resource, action)) {
    throw missingPermission(permissionName(resource, action))
  }
}

/** Whether the error is a refused permission of somebody who is known: the audit hears of each. */
export const isDenial = (error: unknown, { principal }: Exchange): error is Refusal =>
  error instanceof Refusal && error.code === 'permission_denied' && principal !== undefined

/** Has a refused permission written to the audit, wherever in the request it was refused. Never rejects. */
export async function auditDenial(
  guard: RequestGuard,
  log: Log,
  exchange: Exchange,
  refusal: Refusal,
): Promise<void> {
  const { principal, method, path, origin, id } = exchange
  try {
    await guard.denied(principal!, refusal, origin, { method, path: pathForLog(path) })
  } catch (err) {
    log.error({ requestId: id, err, detail: refusal.detail }, 'a refused permission could not be audited')
  }
}
