import type { AccessClaims } from './access-claims.ts'
import { type Change, type ChangeOf, forgetExpiredChanges, type LatestChange, latestOf } from './change.ts'
import { createSessionTable, isUuidAt, uuidLength } from './session-table.ts'

/** Many sessions that are over, in little room. */
export interface EndedSessions {
  /** From then on no token of theirs is good any more. */
  readonly expiresAtMs: number
  /** Their uuids, joined by commas. */
  readonly sessions: string
}

/** What the ledger says that a user has, which is newer than any older token may say. */
interface GrantsByRoleId {
  readonly roleIds: readonly number[]
  readonly isSuperuser: boolean
}

type RevocationChange =
  | ChangeOf<'session_ended'>
  | ChangeOf<'user_logged_out'>
  | ChangeOf<'everybody_logged_out'>
  | ChangeOf<'user_roles'>
  | ChangeOf<'role_made'>

const minuteMs = 60_000

/**
 * How far two clocks may differ: that of the node which issued a token and that of the node which gave a role its name.
 * A role that was named within this time before a token without `role_ids` is not what the token means. Its holders
 * lose nothing by that: a user who was given the role so recently has it by `grantsOf`.
 */
const clockAllowanceMs = 5 * minuteMs

export type RevocationList = ReturnType<typeof createRevocationList>

/**
 * What the ledger says against older tokens: which sessions are over, and which roles are no longer those that a token
 * names (ADR 2).
 */
export function createRevocationList() {
  /** There may be a million. */
  const endedSessions = createSessionTable()
  const loggedOutUsers = new Map<number, { latest: LatestChange; beforeMs: number }>()
  /** By the session that each of them spares: those of several people stand side by side. */
  const massLogouts = new Map<string, { latest: LatestChange; beforeMs: number }>()
  const grantsOfUsers = new Map<number, { latest: LatestChange; grants: GrantsByRoleId }>()
  const madeRoles = new Map<string, { latest: LatestChange; atMs: number }>()

  /** INVARIANT: the instant of a user's logout only moves forward, whatever the order of rows. */
  function logOut(change: ChangeOf<'user_logged_out'>): void {
    const known = loggedOutUsers.get(change.userId)
    const beforeMs = Math.max(known?.beforeMs ?? change.beforeMs, change.beforeMs)
    loggedOutUsers.set(change.userId, { latest: latestOf(known?.latest, change), beforeMs })
  }

  /** INVARIANT: an instant only moves forward, as in `logOut` (ADR 22). */
  function logOutEverybody(change: ChangeOf<'everybody_logged_out'>): void {
    const known = massLogouts.get(change.exceptSession)
    const beforeMs = Math.max(known?.beforeMs ?? change.beforeMs, change.beforeMs)
    massLogouts.set(change.exceptSession, { latest: latestOf(known?.latest, change), beforeMs })
  }

  /** Hardly ever are there any; and then as many as superusers who did it of late. */
  function endedWithEverybody(sid: string, startedAtMs: number, nowMs: number): boolean {
    if (massLogouts.size === 0) return false
    for (const [spared, { latest, beforeMs }] of massLogouts) {
      if (startedAtMs <= beforeMs && sid !== spared && latest.expiresAtMs > nowMs) return true
    }
    return false
  }

  function replaceGrants(change: ChangeOf<'user_roles'>): void {
    const known = grantsOfUsers.get(change.userId)
    const latest = latestOf(known?.latest, change)
    const isOlder = known !== undefined && change.id <= known.latest.id
    grantsOfUsers.set(change.userId, { latest, grants: isOlder ? known.grants : toGrants(change) })
  }

  function makeRole(change: ChangeOf<'role_made'>): void {
    const known = madeRoles.get(change.role)
    const atMs = Math.max(known?.atMs ?? change.atMs, change.atMs)
    madeRoles.set(change.role, { latest: latestOf(known?.latest, change), atMs })
  }

  return {
    apply(change: RevocationChange): void {
      if (change.kind === 'session_ended')
        endedSessions.add(change.sessionUuid, 0, minuteAfter(change.expiresAtMs))
      else if (change.kind === 'user_logged_out') logOut(change)
      else if (change.kind === 'everybody_logged_out') logOutEverybody(change)
      else if (change.kind === 'user_roles') replaceGrants(change)
      else makeRole(change)
    },
    /** Throws a TypeError for a text of another form. */
    endSessions({ expiresAtMs, sessions }: EndedSessions): void {
      if (!Number.isFinite(expiresAtMs) || typeof sessions !== 'string') throw wrongList()
      const untilMinute = minuteAfter(expiresAtMs)
      for (let at = 0; at < sessions.length; at += uuidLength + 1) {
        const end = at + uuidLength
        const isFollowed = end === sessions.length || (sessions[end] === ',' && end + 1 < sessions.length)
        if (!isFollowed || !isUuidAt(sessions, at)) throw wrongList()
        endedSessions.add(sessions, at, untilMinute)
      }
    },
    isAlive(
      { sid, userId, startedAtMs }: Pick<AccessClaims, 'sid' | 'userId' | 'startedAtMs'>,
      nowMs: number,
    ): boolean {
      if (endedSessions.untilMinuteOf(sid) * minuteMs > nowMs) return false
      if (endedWithEverybody(sid, startedAtMs, nowMs)) return false
      const loggedOut = loggedOutUsers.get(userId)
      return (
        loggedOut === undefined || loggedOut.latest.expiresAtMs <= nowMs || startedAtMs > loggedOut.beforeMs
      )
    },
    /** Newer grants than any token of the user may carry. */
    grantsOf: (userId: number): GrantsByRoleId | undefined => grantsOfUsers.get(userId)?.grants,
    /**
     * Those of a token's roles whose names have not passed to another role since it was issued (`iat`, in seconds): for
     * tokens that do not name their roles by id.
     */
    rolesMeant(roles: readonly string[], iat: number): readonly string[] {
      const isOlder = (role: string) =>
        iat * 1000 <= (madeRoles.get(role)?.atMs ?? Number.NEGATIVE_INFINITY) + clockAllowanceMs
      return madeRoles.size > 0 && roles.some(isOlder) ? roles.filter(role => !isOlder(role)) : roles
    },
    /** What it holds now; the lists are made while they are read, and what comes meanwhile is in none of them. */
    capture() {
      const loggedOut = entriesOf(loggedOutUsers)
      const granted = entriesOf(grantsOfUsers)
      const few: Change[] = [
        ...Array.from(
          massLogouts,
          ([exceptSession, { latest, beforeMs }]): Change => ({
            ...latest,
            kind: 'everybody_logged_out',
            beforeMs,
            exceptSession,
          }),
        ),
        ...Array.from(
          madeRoles,
          ([role, { latest, atMs }]): Change => ({ ...latest, kind: 'role_made', role, atMs }),
        ),
      ]
      const sessions = endedSessions.capture()
      return {
        endedSessions: function* (): Generator<EndedSessions> {
          for (const [untilMinute, uuids] of sessions())
            yield { expiresAtMs: untilMinute * minuteMs, sessions: uuids.join() }
        },
        changes: function* (): Generator<Change> {
          yield* few
          for (const [userId, { latest, beforeMs }] of loggedOut())
            yield { ...latest, kind: 'user_logged_out', userId, beforeMs }
          for (const [userId, { latest, grants }] of granted())
            yield { ...latest, kind: 'user_roles', userId, ...grants }
        },
      }
    },
    forget(nowMs: number): void {
      endedSessions.forget(Math.floor(nowMs / minuteMs))
      forgetExpiredChanges(loggedOutUsers, nowMs)
      forgetExpiredChanges(massLogouts, nowMs)
      forgetExpiredChanges(grantsOfUsers, nowMs)
      forgetExpiredChanges(madeRoles, nowMs)
    },
  }
}

/** The entries as they are now. INVARIANT: their values are replaced and never altered, so that to keep them is enough. */
function entriesOf<Key, Value>(map: ReadonlyMap<Key, Value>): () => Generator<readonly [Key, Value]> {
  const [keys, values] = [[...map.keys()], [...map.values()]]
  return function* () {
    for (const [at, key] of keys.entries()) yield [key, values[at]!]
  }
}

/** The minute that begins at or after this instant: rounded up, so that nothing is forgotten too early. */
const minuteAfter = (atMs: number): number => Math.ceil(atMs / minuteMs)

const toGrants = ({ roleIds, isSuperuser }: GrantsByRoleId): GrantsByRoleId =>
  Object.freeze({ roleIds: Object.freeze([...roleIds]), isSuperuser })

const wrongList = () =>
  new TypeError(
    'A list of ended sessions is not canonical uuids joined by commas, until a time: a newer ledger needs a newer gate',
  )
