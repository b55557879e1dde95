import type { FastifyRequest } from 'fastify'
import { message, type Principal, permissionName, Refusal } from '../kernel/index.ts'
import { presentedAuthorization } from './bearer.ts'
import type { RequestGuard } from './options.ts'
import { originOf } from './origin-of.ts'
import { type Access, actionOfMethod, type Method } from './route.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is asking, once the token has been verified; undefined on public routes. */
    principal: Principal | undefined
  }
}

/**
 * Lets a request of a route pass or throws the Refusal: first the token, then the permission. Nothing of the
 * request's form has been looked at by then, so a caller without the permission learns nothing from it.
 */
export async function authorise(
  guard: RequestGuard,
  route: { method: Method; path: string; access: Exclude<Access, 'public'> },
  request: FastifyRequest,
): Promise<void> {
  const authorization = presentedAuthorization(request.raw.rawHeaders, request.headers.authorization)
  const principal = await guard.authenticate(authorization)
  // Known from here on, also to the log line of a refusal.
  request.principal = principal
  if (route.access === 'authenticated') return

  const { resource_name, action = actionOfMethod[route.method] } = route.access
  if (guard.permits(principal, resource_name, action)) return

  const permission = permissionName(resource_name, action)
  try {
    await guard.denied(principal, permission, originOf(request), { method: route.method, path: route.path })
  } catch (err) {
    request.log.error({ err, permission }, 'a refused permission could not be audited')
  }
  throw new Refusal('permission_denied', { detail: message('permission.missing', { permission }) })
}
