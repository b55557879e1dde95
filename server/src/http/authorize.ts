import type { IncomingMessage } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isKeyPrincipal, message, type Principal, Rejection } from '../kernel/index.ts'
import type { RequestGuard } from './http-deps.ts'
import { pathForLog } from './log.ts'
import { originOf } from './request.ts'
import {
  type Access,
  type Anonymous,
  actionOfMethod,
  isStepUpAsked,
  type Method,
  type Standard,
  type StepUp,
} from './route.ts'

interface GuardedRoute {
  readonly method: Method
  readonly access: Exclude<Access, Anonymous>
  readonly standard?: Standard
  readonly stepUp?: StepUp
}

/** A Fastify hook that goes on at once where nothing has to be waited for. */
type Hook = (request: FastifyRequest, reply: FastifyReply, done: () => void) => Promise<void> | void

/**
 * The guard of a route: lets a request pass or throws the Rejection, first for the token, then for the permission, then
 * for the age of the sign-in. It
 * looks at nothing of the request's form, so a caller without the permission learns nothing from it.
 */
export const authorize = (guard: RequestGuard, { method, access, standard, stepUp }: GuardedRoute): Hook => {
  const permissions = access === 'authenticated' ? undefined : permissionsIn(method, access)
  return (request, _reply, done) => {
    const authorization = authorizationOf(request, standard)
    if (authorization === undefined) return done()
    const check = (principal: Principal) => {
      request.principal = principal
      if (permissions === undefined) return requireSession(principal)
      assertPermitted(guard, principal, permissions)
    }
    // What depends on the body is asked for when it has been validated.
    const isStepUp = stepUp !== undefined && stepUp.when === undefined
    const proceed = (principal: Principal): Promise<void> | undefined => {
      check(principal)
      const staff = typeof access === 'object' ? guard.assertStaffFactor(principal) : undefined
      return isStepUp ? Promise.resolve(staff).then(() => guard.assertStepUp(principal, stepUp)) : staff
    }
    const authenticated = guard.authenticate(authorization)
    if (authenticated instanceof Promise) return authenticated.then(proceed)
    return proceed(authenticated) ?? done()
  }
}

interface AskedPermission {
  readonly resource: string
  readonly action: string
}

const permissionsIn = (
  method: Method,
  { resource_name, action = actionOfMethod[method], also }: Exclude<GuardedRoute['access'], string>,
): readonly AskedPermission[] => [
  { resource: resource_name, action },
  ...(also === undefined ? [] : [{ resource: also.resource_name, action: also.action }]),
]

/** Undefined where a standard has the credentials in the body, which is not there yet. */
function authorizationOf({ raw, body }: FastifyRequest, standard: Standard | undefined): string | undefined {
  if (standard?.authorizationOf === undefined) return presentedAuthorization(raw)
  if (countHeader(raw.rawHeaders, 'authorization') > 1) throw new Rejection('not_authenticated')
  return standard.authorizationOf(raw.headers.authorization, body)
}

/** Asks for a newer sign-in where the body, which is valid, is such that the route asks for one. */
export const stepUpByBody =
  (guard: RequestGuard, { stepUp }: Pick<GuardedRoute, 'stepUp'>): Hook =>
  ({ principal, body }, _reply, done) =>
    principal !== undefined && isStepUpAsked(stepUp, body) ? guard.assertStepUp(principal, stepUp) : done()

/** An account is its owner's own: a program with a key is not the person. */
function requireSession(principal: Principal): void {
  if (isKeyPrincipal(principal)) {
    throw new Rejection('permission_denied', { detail: message('permission.key_own_account') })
  }
}

/**
 * Rejects who lacks one of the permissions: with the first that a second factor would not give, and with
 * `insufficient_user_authentication` only where it would give them all (ADR 49).
 */
export function assertPermitted(
  guard: Pick<RequestGuard, 'permits' | 'refusalOf'>,
  principal: Principal,
  permissions: readonly AskedPermission[],
): void {
  const lacking = permissions.filter(({ resource, action }) => !guard.permits(principal, resource, action))
  if (lacking.length === 0) return
  const refusals = lacking.map(({ resource, action }) => guard.refusalOf(principal, resource, action))
  const refusal = refusals.find(({ code }) => code === 'permission_denied') ?? refusals[0]
  throw refusal
}

/** Writes to the audit that a known caller was denied a permission, wherever in the request that was. Never rejects. */
export async function auditDenial(
  guard: RequestGuard,
  error: unknown,
  request: FastifyRequest,
): Promise<void> {
  const { principal, method, id: requestId } = request
  if (!(error instanceof Rejection) || error.code !== 'permission_denied' || principal === undefined) return
  try {
    await guard.denied(principal, error, originOf(request), { method, path: pathForLog(request.url) })
  } catch (err) {
    request.log.error({ requestId, err, detail: error.detail }, 'a refused permission could not be audited')
  }
}

/**
 * How often a header stands in the request. Node keeps the first of two Authorization or Host headers and silently
 * drops the other, while a proxy in front may have judged by the second.
 */
export function countHeader(rawHeaders: readonly string[], name: string): number {
  let count = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const written = rawHeaders[index]!
    if (written.length === name.length && written.toLowerCase() === name) count += 1
  }
  return count
}

/** RFC 6750 section 2.1: one space, then the token; RFC 9110 section 11.1: the scheme in any case. */
const bearer = /^bearer [\x21-\x7e]+$/i

/**
 * The value of the one Authorization header, which holds a Bearer token; the guard verifies it. Throws
 * `not_authenticated` when there is none, more than one, or another scheme. A token in the query or the body is never
 * read (RFC 6750 sections 2.2 and 2.3 advise against both).
 */
export function presentedAuthorization({
  rawHeaders,
  headers: { authorization },
}: Pick<IncomingMessage, 'rawHeaders' | 'headers'>): string {
  if (authorization === undefined || !bearer.test(authorization)) throw new Rejection('not_authenticated')
  if (countHeader(rawHeaders, 'authorization') !== 1) throw new Rejection('not_authenticated')
  return authorization
}
