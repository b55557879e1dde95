import type { EpochMs, Origin, RefreshTokenId, SessionId, UserId } from '../kernel/index.ts'
import type { IssuedStanding } from './token-issuer.ts'

export interface FirstUse {
  readonly jti: RefreshTokenId
  readonly uuid: SessionId
  readonly userId: UserId
  readonly successor: { readonly jti: RefreshTokenId; readonly sealed: string }
  readonly origin: Origin
  readonly nowMs: EpochMs
}

export interface FirstUsed {
  readonly expiresAtMs: EpochMs
  readonly standing: IssuedStanding
}

/**
 * What nearly every rotation is, the first use of a live token of a live session, as one statement: one message to the
 * database and one back, instead of one for each step.
 */
export interface FirstUseStore {
  /**
   * Marks the session as used, spends the token, adds its successor and reads the user's standing. Of any number of
   * callers, these and those of `RefreshTokenStore.spend` together, exactly one is told that it was first. Undefined
   * says only that this caller was not: nothing was written then, or the session's `last_used_at` alone.
   */
  use(use: FirstUse): Promise<FirstUsed | undefined>
}
