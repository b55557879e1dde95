import type { AccessClaims } from './access-claims.ts'
import type { Change, ChangeOf } from './change.ts'
import { forgetMarks, latestMark, type Mark } from './mark.ts'
import type { Standing } from './standing.ts'

/** What the ledger says about the words of a token: who is over, and which roles are no longer those that it names. */
export interface PresenceLedger {
  apply(change: PresenceChange): void
  isAlive(claims: Pick<AccessClaims, 'sid' | 'userId' | 'startedAtMs'>, nowMs: number): boolean
  /** Newer roles than any token of the user may carry. */
  standingOf(userId: number): Standing | undefined
  /** Those of a token's roles whose names have not passed to another role since it was issued (`iat`, in seconds). */
  rolesMeant(roles: readonly string[], iat: number): readonly string[]
  changes(): Change[]
  forget(nowMs: number): void
}

export type PresenceChange =
  | ChangeOf<'session_ended'>
  | ChangeOf<'user_logged_out'>
  | ChangeOf<'everybody_logged_out'>
  | ChangeOf<'user_roles'>
  | ChangeOf<'role_made'>

export function createPresenceLedger(): PresenceLedger {
  const endedSessions = new Map<string, { mark: Mark }>()
  const loggedOutUsers = new Map<number, { mark: Mark; beforeMs: number }>()
  /** By the session that each of them spares: those of several people stand side by side. */
  const massLogouts = new Map<string, { mark: Mark; beforeMs: number }>()
  const rolesOfUsers = new Map<number, { mark: Mark; standing: Standing }>()
  const madeRoles = new Map<string, { mark: Mark; atMs: number }>()

  function endSession(change: ChangeOf<'session_ended'>): void {
    const known = endedSessions.get(change.sessionUuid)
    endedSessions.set(change.sessionUuid, { mark: latestMark(known?.mark, change) })
  }

  /** INVARIANT: the instant of a user's logout only moves forward, whatever the order of rows. */
  function logOut(change: ChangeOf<'user_logged_out'>): void {
    const known = loggedOutUsers.get(change.userId)
    const beforeMs = Math.max(known?.beforeMs ?? change.beforeMs, change.beforeMs)
    loggedOutUsers.set(change.userId, { mark: latestMark(known?.mark, change), beforeMs })
  }

  /** INVARIANT: an instant only moves forward, as in `logOut`. */
  function logOutEverybody(change: ChangeOf<'everybody_logged_out'>): void {
    const known = massLogouts.get(change.exceptSession)
    const beforeMs = Math.max(known?.beforeMs ?? change.beforeMs, change.beforeMs)
    massLogouts.set(change.exceptSession, { mark: latestMark(known?.mark, change), beforeMs })
  }

  /** Hardly ever are there any; and then as many as superusers who did it of late. */
  function endedWithEverybody(sid: string, startedAtMs: number, nowMs: number): boolean {
    if (massLogouts.size === 0) return false
    for (const [spared, { mark, beforeMs }] of massLogouts) {
      if (startedAtMs <= beforeMs && sid !== spared && mark.expiresAtMs > nowMs) return true
    }
    return false
  }

  function replaceRoles(change: ChangeOf<'user_roles'>): void {
    const known = rolesOfUsers.get(change.userId)
    const mark = latestMark(known?.mark, change)
    const isOlder = known !== undefined && change.id <= known.mark.id
    rolesOfUsers.set(change.userId, { mark, standing: isOlder ? known.standing : toStanding(change) })
  }

  function makeRole(change: ChangeOf<'role_made'>): void {
    const known = madeRoles.get(change.role)
    const atMs = Math.max(known?.atMs ?? change.atMs, change.atMs)
    madeRoles.set(change.role, { mark: latestMark(known?.mark, change), atMs })
  }

  return {
    apply(change) {
      if (change.kind === 'session_ended') endSession(change)
      else if (change.kind === 'user_logged_out') logOut(change)
      else if (change.kind === 'everybody_logged_out') logOutEverybody(change)
      else if (change.kind === 'user_roles') replaceRoles(change)
      else makeRole(change)
    },
    isAlive({ sid, userId, startedAtMs }, nowMs) {
      const ended = endedSessions.get(sid)
      if (ended !== undefined && ended.mark.expiresAtMs > nowMs) return false
      if (endedWithEverybody(sid, startedAtMs, nowMs)) return false
      const loggedOut = loggedOutUsers.get(userId)
      return (
        loggedOut === undefined || loggedOut.mark.expiresAtMs <= nowMs || startedAtMs > loggedOut.beforeMs
      )
    },
    standingOf: userId => rolesOfUsers.get(userId)?.standing,
    rolesMeant(roles, iat) {
      // `iat` counts seconds: a token of the same second may be the older one. Who was given the new role meanwhile
      // has it by `standingOf`, whatever the token says.
      const isOlder = (role: string) => iat * 1000 <= (madeRoles.get(role)?.atMs ?? Number.NEGATIVE_INFINITY)
      return madeRoles.size > 0 && roles.some(isOlder) ? roles.filter(role => !isOlder(role)) : roles
    },
    changes: () => [
      ...Array.from(
        endedSessions,
        ([sessionUuid, { mark }]): Change => ({
          ...mark,
          kind: 'session_ended',
          sessionUuid,
        }),
      ),
      ...Array.from(
        loggedOutUsers,
        ([userId, { mark, beforeMs }]): Change => ({
          ...mark,
          kind: 'user_logged_out',
          userId,
          beforeMs,
        }),
      ),
      ...Array.from(
        massLogouts,
        ([exceptSession, { mark, beforeMs }]): Change => ({
          ...mark,
          kind: 'everybody_logged_out',
          beforeMs,
          exceptSession,
        }),
      ),
      ...Array.from(
        rolesOfUsers,
        ([userId, { mark, standing }]): Change => ({
          ...mark,
          kind: 'user_roles',
          userId,
          ...standing,
        }),
      ),
      ...Array.from(
        madeRoles,
        ([role, { mark, atMs }]): Change => ({ ...mark, kind: 'role_made', role, atMs }),
      ),
    ],
    forget(nowMs) {
      forgetMarks(endedSessions, nowMs)
      forgetMarks(loggedOutUsers, nowMs)
      forgetMarks(massLogouts, nowMs)
      forgetMarks(rolesOfUsers, nowMs)
      forgetMarks(madeRoles, nowMs)
    },
  }
}

const toStanding = ({ roles, isSuperuser }: Standing): Standing =>
  Object.freeze({ roles: Object.freeze([...roles]), isSuperuser })
