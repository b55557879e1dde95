import type { EpochMs } from '../kernel/index.ts'
import { isLive, type Session } from '../sessions/index.ts'

/** A refresh token as its row stands. */
export interface StoredRefreshToken {
  readonly isRevoked: boolean
  readonly expiresAtMs: EpochMs
  /** Null until it is exchanged for the next token. */
  readonly consumed: {
    readonly atMs: EpochMs
    readonly nextEncrypted: string
    /** The SHA-256 of the key that came with the request; null where none came. */
    readonly retryKeyHash: string | null
    /** The next token is neither consumed nor revoked. */
    readonly isNextUnused: boolean
  } | null
}

/**
 * `rotated`: the token is exchanged for the next one. `repeated`: the same next token is given once more. `reused`: the
 * token may be stolen, and its session ends. `invalid`: no session that lives is meant.
 */
export type RotationDecision = 'rotated' | 'repeated' | 'reused' | 'invalid'

/**
 * The reuse interval. A lost answer or a second tab does not sign the user out, and since the same next token is given, no
 * second line of tokens begins (ADR 4). A client that proves that it repeats its own request needs none (ADR 41).
 */
const reuseIntervalMs = 10_000

/**
 * Decides what becomes of a genuine refresh token that is presented (RFC 9700 section 4.14.2). A token without a row, of a
 * session that lives, counts as reused.
 */
export function decideRotation(
  token: StoredRefreshToken | undefined,
  session: Pick<Session, 'isActive' | 'expiresAtMs'> | undefined,
  { nowMs, retryKeyHash }: { readonly nowMs: EpochMs; readonly retryKeyHash: string | null },
): RotationDecision {
  if (session === undefined || !isLive(session, nowMs)) return 'invalid'
  if (token === undefined) return 'reused'
  const { consumed } = token
  if (consumed === null) return token.isRevoked || token.expiresAtMs <= nowMs ? 'reused' : 'rotated'
  const isSameRequest = retryKeyHash !== null && consumed.retryKeyHash === retryKeyHash
  const mayRepeat = isSameRequest || nowMs - consumed.atMs <= reuseIntervalMs
  return consumed.isNextUnused && mayRepeat ? 'repeated' : 'reused'
}
