import type { EpochMs, SessionId } from '../kernel/index.ts'

/** A logout of all users: every session that began at or before `beforeMs` is over, except one. */
export interface MassLogout {
  readonly id: number
  readonly beforeMs: EpochMs
  /** The session of the superuser who signed all users out. */
  readonly except: SessionId
  readonly createdAtMs: EpochMs
  /** When it was certain that no more of its rows can come; null until then. */
  readonly finishedAtMs: EpochMs | null
}

/**
 * INVARIANT: from the commit of `begin` on, no session that it ends gives another token, whether or not its own row says
 * that it is over: `SessionStore.touch` and its like look here too. So the rows can be ended little by little.
 */
export interface MassLogoutStore {
  /** `beforeMs` is an instant that no session known by now began after; every session that starts later begins after it. */
  begin(except: SessionId, nowMs: EpochMs): Promise<MassLogout>
  find(id: number): Promise<MassLogout | undefined>
  /** All that are still written down, the oldest first. */
  list(): Promise<readonly MassLogout[]>
  /** How many live sessions are still to be ended. */
  countLeft(logout: MassLogout, nowMs: EpochMs): Promise<number>
  /** Ends at most `most` of their rows with their refresh tokens, those that would run out first; gives the number. */
  endSome(logout: MassLogout, most: number, nowMs: EpochMs): Promise<number>
  isLeft(logout: MassLogout, nowMs: EpochMs): Promise<boolean>
  /** Nothing is left, and nothing can come any more. */
  finish(id: number, nowMs: EpochMs): Promise<void>
  delete(id: number): Promise<void>
}
