import type { EpochMs, Origin, RefreshTokenId, SessionId, SessionRowId, UserId } from '../kernel/index.ts'

export interface NewRefreshToken {
  readonly jti: RefreshTokenId
  readonly sessionId: SessionRowId
  readonly userId: UserId
  readonly issuedAtMs: EpochMs
  readonly expiresAtMs: EpochMs
  readonly origin: Origin
}

/** What a spent token says of the one that came after it. */
export interface SpentToken {
  readonly spentAtMs: EpochMs
  readonly successorSealed: string
  /** The successor has not been used and is not revoked. */
  readonly isSuccessorUntouched: boolean
}

export interface RefreshTokenStore {
  add(token: NewRefreshToken): Promise<void>
  /**
   * The one use of a token, as one guarded statement: of any number of callers exactly one gets true.
   * False when it is unknown, spent, revoked, expired, or of another session.
   */
  spend(
    jti: RefreshTokenId,
    sessionId: SessionRowId,
    successor: { jti: RefreshTokenId; sealed: string },
    nowMs: EpochMs,
  ): Promise<boolean>
  /** A spent token of this session; undefined when it is unknown or was never spent. */
  findSpent(jti: RefreshTokenId, sessionId: SessionRowId): Promise<SpentToken | undefined>
  /** Whether the token of this living session could be spent now: what one used as a bearer token must be. */
  isUsable(jti: RefreshTokenId, session: SessionId, nowMs: EpochMs): Promise<boolean>
  /** Removes tokens that expired before this instant, a bounded number at a time; gives their number. */
  deleteExpired(beforeMs: EpochMs): Promise<number>
}
