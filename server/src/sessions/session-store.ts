import type { EpochMs, Origin, Page, PageRequest, SessionId, SessionRowId, UserId } from '../kernel/index.ts'
import type { EndReason, Session } from './session.ts'

export interface SessionFilter {
  readonly isActive?: boolean | undefined
  readonly userId?: UserId | undefined
}

export type SessionColumn =
  | 'id'
  | 'uuid'
  | 'user_id'
  | 'ip_address'
  | 'user_agent'
  | 'created_at'
  | 'last_used_at'
  | 'expires_at'
  | 'is_active'
  | 'ended_at'
  | 'end_reason'

/**
 * Ending a session before its time also revokes its refresh tokens, in the same transaction. Every method that ends something
 * is one guarded statement: a session ends once, with one reason.
 */
export interface SessionStore {
  /**
   * Starts a session. INVARIANT: it begins after the last «log out everywhere» of this user, and of all users, even
   * when two clocks disagree; the caller's transaction holds the user's row (it has just inserted or updated it).
   */
  start(session: { userId: UserId; origin: Origin; nowMs: EpochMs; ttlMs: number }): Promise<Session>
  findById(id: SessionRowId): Promise<Session | undefined>
  /** Why these sessions are over, as far as they are. */
  endReasons(uuids: readonly SessionId[]): Promise<ReadonlyMap<SessionId, EndReason>>
  /**
   * Notes a use and locks the row; undefined when the session is over, also when a mass logout ended it and its row does
   * not say so yet.
   */
  touch(uuid: SessionId, nowMs: EpochMs): Promise<Session | undefined>
  /** Whether the session lives and its account is active. */
  isUsable(uuid: SessionId, nowMs: EpochMs): Promise<boolean>
  /** Live sessions of a user, newest use first. */
  listLive(userId: UserId, nowMs: EpochMs): Promise<readonly Session[]>
  /** Rows as they stand now: `settled`. */
  list(filter: SessionFilter, page: PageRequest<SessionColumn>, nowMs: EpochMs): Promise<Page<Session>>
  /** From an index alone; still, it takes tens of milliseconds among a million. */
  countLive(nowMs: EpochMs): Promise<number>
  /** Ends one live session; undefined when there is none, or it has ended before. */
  endByUuid(uuid: SessionId, reason: EndReason, nowMs: EpochMs): Promise<Session | undefined>
  endById(id: SessionRowId, reason: EndReason, nowMs: EpochMs): Promise<Session | undefined>
  /**
   * Ends those live sessions of the user that were used longest ago, until `most` are left, and gives them; `kept`
   * is not among them. At most some hundreds at once: lowering the bound takes effect over a few sign-ins.
   */
  endBeyond(
    { userId, kept, most }: { userId: UserId; kept: SessionRowId; most: number },
    reason: EndReason,
    nowMs: EpochMs,
  ): Promise<readonly Session[]>
  /** Ends every session of the user but one; gives those that it ended. */
  endOthers(userId: UserId, kept: SessionId, reason: EndReason, nowMs: EpochMs): Promise<readonly Session[]>
  /**
   * Ends every session of the user. `beforeMs` is an instant that no ended session began after and every
   * later one does: what the ledger tells the gates.
   */
  endAll(userId: UserId, reason: EndReason, nowMs: EpochMs): Promise<{ count: number; beforeMs: EpochMs }>
  /** Removes where the sessions of a user, and the uses of their tokens, came from: addresses and user agents. */
  eraseOrigins(userId: UserId): Promise<void>
  /**
   * Removes the same from some sessions that ended before this instant, and gives how many rows it has changed: 0 when
   * there is none left.
   */
  eraseOldOrigins(endedBeforeMs: EpochMs): Promise<number>
  /**
   * Deletes some sessions whose time was over before this instant, whether they ended then or sooner; gives their number.
   * INVARIANT: asked for only when no token of them can be alive, as tokens are judged without their row as over.
   */
  deleteOld(expiredBeforeMs: EpochMs): Promise<number>
  /** Marks some sessions whose time is over, as their tokens' is; gives their number. */
  endExpired(nowMs: EpochMs): Promise<number>
}
