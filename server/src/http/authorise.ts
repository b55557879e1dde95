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

/**
 * Lets a request of a route pass or throws the Refusal: first the token, then the permission. Nothing of the
 * request's form has been looked at by then, so a caller without the permission learns nothing from it.
 */
export async function authorise(
  guard: RequestGuard,
  route: { method: Method; access: Exclude<Access, 'public'> },
  request: FastifyRequest,
): Promise<void> {
  const authorization = presentedAuthorization(request.raw.rawHeaders, request.headers.authorization)
  request.principal = await guard.authenticate(authorization)
  if (route.access === 'authenticated') return

  const { resource_name, action = actionOfMethod[route.method] } = route.access
  if (guard.permits(request.principal, resource_name, action)) return
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
    request.log.error({ err, detail: error.detail }, 'a refused permission could not be audited')
  }
}
