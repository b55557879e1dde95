import { type Gate, type Grants, startOfSessionMs } from '@propusk/gate'
import type { EpochMs, SessionPrincipal } from '../kernel/index.ts'
import type { EventStream } from './event-stream.ts'

/** What a listener may do. */
export interface Rights {
  readonly grants: Grants
  /** All of it as one text: nothing has changed as long as that is the same. */
  readonly mark: string
  readonly mayReadAudit: boolean
}

/** One client that follows the events of its session. */
export interface Listener {
  readonly principal: SessionPrincipal
  /** When it was admitted, with the roles of then. */
  readonly sinceMs: EpochMs
  readonly stream: EventStream
  rights: Rights
}

export type Judge = Pick<Gate, 'alive' | 'grantsOf' | 'permissionsOf' | 'allows'>

export const isSignedIn = (gate: Judge, { userId, sessionId }: SessionPrincipal, nowMs: EpochMs): boolean =>
  gate.alive({ sid: sessionId, userId, startedAtMs: startOfSessionMs(sessionId) }, nowMs)

/** The roles of when it was admitted, unless the ledger tells newer ones; as for a token that was made then. */
export function rightsOf(gate: Judge, principal: SessionPrincipal, sinceMs: EpochMs): Rights {
  const { userId, roles, roleIds, isSuperuser } = principal
  const grants = gate.grantsOf({
    userId,
    roles,
    ...(roleIds && { roleIds }),
    iat: sinceMs / 1000,
    ...(isSuperuser && { superuser: true }),
  })
  const { roles: held, isSuperuser: isFree } = grants
  return {
    grants,
    mark: JSON.stringify([isFree, held.toSorted(), isFree ? [] : gate.permissionsOf(grants)]),
    mayReadAudit: gate.allows(grants, 'audit', 'read'),
  }
}
