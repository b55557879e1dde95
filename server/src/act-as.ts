import { AsyncLocalStorage } from 'node:async_hooks'
import { assertCovered, type RightsStore } from './access/index.ts'
import type { ApiKeyStore } from './api-keys/index.ts'
import type { FactorStore } from './factors/index.ts'
import type { Asked } from './http/index.ts'
import { type EpochMs, isKeyPrincipal, needsFactor, type Principal, Rejection } from './kernel/index.ts'
import type { SessionStore } from './sessions/index.ts'

/** The caller of a request, and what its route asks for. */
interface Caller extends Asked {
  readonly principal: Principal
}

const callers = new AsyncLocalStorage<Caller>()

/**
 * Runs the work of a known caller. Each transaction that it begins asserts first that the caller may still do it, so no
 * use case can forget to: between the request's head and its transaction there are waits for a body, a hash, the write
 * queue or a connection (ADR 27).
 */
export const actAs = <T>(principal: Principal, asked: Asked, work: () => T): T =>
  callers.run({ principal, ...asked }, work)

/** What the audit says of the caller beside the account: the API key by which the work was asked for, if it was one. */
export function callerDetails(): Readonly<Record<string, unknown>> {
  const principal = callers.getStore()?.principal
  return principal !== undefined && isKeyPrincipal(principal) ? { api_key_id: principal.apiKeyId } : {}
}

/**
 * Rejects with `invalid_token` when the caller's session is over, the API key has ended or the account is closed, and with
 * `permission_denied`, or `insufficient_user_authentication`, when the route's permission is gone: by the rows of this transaction. Does nothing where no
 * caller is known, such as in a sign-in.
 */
export async function assertStillMayAct(
  {
    sessions,
    apiKeys,
    rights,
    factors,
  }: {
    readonly sessions: SessionStore
    readonly apiKeys: ApiKeyStore
    readonly rights: RightsStore
    readonly factors: Pick<FactorStore, 'isOn'>
  },
  nowMs: EpochMs,
): Promise<void> {
  const caller = callers.getStore()
  if (caller === undefined) return
  const { principal, permissions, isSteppedUp } = caller
  const mayAct = isKeyPrincipal(principal)
    ? await apiKeys.isLiving(principal.apiKeyId, nowMs)
    : await sessions.isUsable(principal.sessionId, nowMs)
  if (!mayAct) throw new Rejection('invalid_token', { cause: 'ended' })
  if (isSteppedUp && !isKeyPrincipal(principal) && principal.authentication?.acr !== 'aal2') {
    if (await factors.isOn(principal.userId)) throw needsFactor()
  }
  if (permissions.length === 0) return
  assertCovered(await rights.ofCaller(principal), permissions, 'permission.missing')
}
