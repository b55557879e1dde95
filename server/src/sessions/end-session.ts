import { assertMayTouch, type RightsStore } from '../access/index.ts'
import { type AuditAction, type AuditLog, userTarget } from '../audit/index.ts'
import type { ChangeLog } from '../changes/index.ts'
import {
  type ClientInfo,
  type Clock,
  type EpochMs,
  message,
  type Principal,
  Rejection,
  type SessionId,
  type SessionPrincipal,
  type SessionRowId,
  type Transact,
  type UserId,
} from '../kernel/index.ts'
import { addNotice, type NoticeStores } from '../mail/index.ts'
import { type EndReason, type Session, sessionAsOf } from './session.ts'
import type { SessionStore } from './session-store.sql.ts'
/** The stores that ending a session writes to, always in one transaction. */
export interface EndingStores {
  readonly sessions: SessionStore
  readonly changes: ChangeLog
  readonly audit: AuditLog
}

interface Act {
  readonly actorId: UserId | null
  readonly origin: ClientInfo | null
  readonly nowMs: EpochMs
}

/** Tells the gates and the audit that these sessions are over; the caller has just ended them. */
async function announceEnded(
  { changes, audit }: EndingStores,
  ended: readonly Session[],
  { actorId, origin, nowMs }: Act,
  event: AuditAction,
): Promise<void> {
  await changes.appendAll(
    ended.map(session => ({ kind: 'session_ended', sessionUuid: session.uuid })),
    nowMs,
  )
  await audit.appendAll(
    ended.map(session => ({
      actorId,
      action: event,
      target: `sessions/${session.id}`,
      origin,
      details: { user_id: session.userId, reason: session.endReason },
    })),
    nowMs,
  )
}

const eventOf: Partial<Record<EndReason, AuditAction>> = {
  logout: 'session.logout',
  revoked: 'token.revoke',
  refresh_reuse: 'token.reuse',
}

/** Ends the session with this uuid. False when it is over already: nothing is written then. */
export async function endSessionByUuid(
  stores: EndingStores,
  uuid: SessionId,
  reason: EndReason,
  act: Act,
): Promise<boolean> {
  const ended = await stores.sessions.endByUuid(uuid, reason, act.nowMs)
  if (ended === undefined) return false
  await announceEnded(stores, [ended], act, eventOf[reason] ?? 'session.end')
  return true
}

/** Ends one session by its id. False when it is over already. */
async function endSessionById(
  stores: EndingStores,
  id: Session['id'],
  reason: EndReason,
  act: Act,
): Promise<boolean> {
  const ended = await stores.sessions.endById(id, reason, act.nowMs)
  if (ended === undefined) return false
  await announceEnded(stores, [ended], act, 'session.end')
  return true
}

/** Ends every other session of the caller: what a change of password does. Gives their number. */
export async function endOtherSessions(
  stores: EndingStores,
  principal: Pick<SessionPrincipal, 'userId' | 'sessionId'>,
  reason: EndReason,
  act: Act,
): Promise<number> {
  const ended = await stores.sessions.endOthers(principal.userId, principal.sessionId, reason, act.nowMs)
  await announceEnded(stores, ended, act, 'session.end')
  return ended.length
}

/**
 * Ends the sessions that were used longest ago when the user has more live ones than `most`; `started`, which has just
 * begun, is kept.
 */
export async function endSessionsBeyond(
  stores: EndingStores,
  started: Session,
  most: number,
  act: Act,
): Promise<void> {
  const beyond = { userId: started.userId, kept: started.id, most }
  const ended = await stores.sessions.endBeyond(beyond, 'session_limit', act.nowMs)
  if (ended.length > 0) await announceEnded(stores, ended, act, 'session.end')
}

/** Logs a user out everywhere: one change reaches the gates, however many sessions there were. */
export async function endAllSessions(
  { sessions, changes, audit }: EndingStores,
  userId: UserId,
  reason: EndReason,
  { actorId, origin, nowMs }: Act,
): Promise<number> {
  const { count, beforeMs } = await sessions.endAll(userId, reason, nowMs)
  await Promise.all([
    changes.append({ kind: 'user_logged_out', userId, beforeMs }, nowMs),
    audit.append(
      {
        actorId,
        action: 'session.end_all',
        target: userTarget(userId),
        origin,
        details: { reason, sessions: count },
      },
      nowMs,
    ),
  ])
  return count
}

export interface EndOwnSessionDeps {
  readonly transaction: Transact<EndingStores>
  readonly clock: Clock
}

/**
 * Ends one of the caller's own sessions. Another's, an ended one and none at all are the same `not_found`: the
 * caller learns nothing of sessions that are not theirs.
 */
export async function endOwnSession(
  deps: EndOwnSessionDeps,
  { principal, origin, id }: { principal: Principal; origin: ClientInfo; id: SessionRowId },
): Promise<void> {
  const nowMs = deps.clock.nowMs()
  await deps.transaction(async stores => {
    const session = await stores.sessions.findById(id)
    if (session?.userId !== principal.userId) throw new Rejection('not_found')
    const ended = await endSessionById(stores, id, 'revoked', { actorId: principal.userId, origin, nowMs })
    if (!ended) throw new Rejection('not_found')
  })
}

export interface EndUsersSessionDeps {
  readonly transaction: Transact<EndingStores & NoticeStores & { readonly rights: RightsStore }>
  readonly clock: Clock
}

/** Tells an account that an administrator has ended its sessions. From where that one works is nothing to tell. */
export async function notifyOfEnd(
  stores: NoticeStores,
  principal: Principal,
  userId: UserId,
  nowMs: EpochMs,
): Promise<void> {
  if (userId === principal.userId) return
  await addNotice(stores, { userId, event: 'sessions_ended_by_admin', origin: null, locale: null }, nowMs)
}

/**
 * Ends a session of any user, for an administrator; gives it as it is afterwards. Ending an ended one is harmless.
 * Refuses with `not_found`, or with `permission_denied` when the account outranks the caller.
 */
export async function endUsersSession(
  deps: EndUsersSessionDeps,
  { principal, origin, id }: { principal: Principal; origin: ClientInfo; id: SessionRowId },
): Promise<Session> {
  const nowMs = deps.clock.nowMs()
  return deps.transaction(async stores => {
    const found = await stores.sessions.findById(id)
    if (found === undefined) throw new Rejection('not_found')
    await assertMayTouch(stores, principal, found.userId)
    const { userId } = found
    const act = { actorId: principal.userId, origin, nowMs }
    const isEnded = await endSessionById(stores, id, 'ended_by_admin', act)
    if (isEnded) await notifyOfEnd(stores, principal, userId, nowMs)
    return sessionAsOf((await stores.sessions.findById(id)) ?? found, nowMs)
  })
}

/**
 * Ends every live session of the same user but this one, for an administrator; gives their number. Refuses with
 * `not_found`, with `permission_denied` when the account outranks the caller, and with `conflict` when the one that is to
 * go on is over itself: then all would be.
 */
export async function endAllButOne(
  deps: EndUsersSessionDeps,
  { principal, origin, id }: { principal: Principal; origin: ClientInfo; id: SessionRowId },
): Promise<number> {
  const nowMs = deps.clock.nowMs()
  return deps.transaction(async stores => {
    const kept = await stores.sessions.findById(id)
    if (kept === undefined) throw new Rejection('not_found')
    await assertMayTouch(stores, principal, kept.userId)
    if (!(await stores.sessions.isUsable(kept.uuid, nowMs))) {
      throw new Rejection('conflict', { detail: message('session.over') })
    }
    const { userId, uuid: sessionId } = kept
    const act = { actorId: principal.userId, origin, nowMs }
    const ended = await endOtherSessions(stores, { userId, sessionId }, 'ended_by_admin', act)
    if (ended > 0) await notifyOfEnd(stores, principal, userId, nowMs)
    return ended
  })
}

/** Ends every session of the caller but the one of the request; gives their number. */
export async function endOwnOthers(
  deps: EndOwnSessionDeps,
  { principal, origin }: { principal: SessionPrincipal; origin: ClientInfo },
): Promise<number> {
  const nowMs = deps.clock.nowMs()
  const act = { actorId: principal.userId, origin, nowMs }
  return deps.transaction(stores => endOtherSessions(stores, principal, 'revoked', act))
}
