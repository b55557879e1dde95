import type { AccessClaims } from './access-claims.ts'
import type { Change, ChangeOf } from './change.ts'
import { forgetMarks, latestMark, type Mark } from './mark.ts'
import type { Standing } from './standing.ts'

/** What the ledger says about sessions and users: who is over, and whose roles are no longer those of the token. */
export interface PresenceLedger {
  apply(change: PresenceChange): void
  isAlive(claims: Pick<AccessClaims, 'sid' | 'userId' | 'startedAtMs'>, nowMs: number): boolean
  /** Newer roles than any token of the user may carry. */
  standingOf(userId: number): Standing | undefined
  changes(): Change[]
  forget(nowMs: number): void
}

export type PresenceChange = ChangeOf<'session_ended'> | ChangeOf<'user_logged_out'> | ChangeOf<'user_roles'>

export function createPresenceLedger(): PresenceLedger {
  const endedSessions = new Map<string, { mark: Mark }>()
  const loggedOutUsers = new Map<number, { mark: Mark; beforeMs: number }>()
  const rolesOfUsers = new Map<number, { mark: Mark; standing: Standing }>()

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

  function replaceRoles(change: ChangeOf<'user_roles'>): void {
    const known = rolesOfUsers.get(change.userId)
    const mark = latestMark(known?.mark, change)
    const isOlder = known !== undefined && change.id <= known.mark.id
    rolesOfUsers.set(change.userId, { mark, standing: isOlder ? known.standing : toStanding(change) })
  }

  return {
    apply(change) {
      if (change.kind === 'session_ended') endSession(change)
      else if (change.kind === 'user_logged_out') logOut(change)
      else replaceRoles(change)
    },
    isAlive({ sid, userId, startedAtMs }, nowMs) {
      const ended = endedSessions.get(sid)
      if (ended !== undefined && ended.mark.expiresAtMs > nowMs) return false
      const loggedOut = loggedOutUsers.get(userId)
      return (
        loggedOut === undefined || loggedOut.mark.expiresAtMs <= nowMs || startedAtMs > loggedOut.beforeMs
      )
    },
    standingOf: userId => rolesOfUsers.get(userId)?.standing,
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
        rolesOfUsers,
        ([userId, { mark, standing }]): Change => ({
          ...mark,
          kind: 'user_roles',
          userId,
          ...standing,
        }),
      ),
    ],
    forget(nowMs) {
      forgetMarks(endedSessions, nowMs)
      forgetMarks(loggedOutUsers, nowMs)
      forgetMarks(rolesOfUsers, nowMs)
    },
  }
}

const toStanding = ({ roles, isSuperuser }: Standing): Standing =>
  Object.freeze({ roles: Object.freeze([...roles]), isSuperuser })
