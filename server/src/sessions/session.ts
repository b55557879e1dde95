import type { EpochMs, SessionId, SessionRowId, UserId } from '../kernel/index.ts'

/** Why a session is over. */
export const endReasons = [
  'logout',
  'revoked',
  'revoked_all',
  'ended_by_admin',
  'deactivated',
  'password_change',
  'refresh_reuse',
  'session_limit',
  'expired',
  'idle',
] as const

export type EndReason = (typeof endReasons)[number]

/** The levels of authentication, in their order: a password, or a password and a second factor, or a passkey (ADR 47). */
const levels = ['aal1', 'aal2'] as const

export type Level = (typeof levels)[number]

/** How the owner of a session proved who is there: RFC 9068 section 2.2.1, with the methods of RFC 8176. */
export interface Authentication {
  readonly acr: Level
  readonly amr: readonly string[]
}

export const byPassword: Authentication = { acr: 'aal1', amr: ['pwd'] }

/** One signed-in presence on one device. */
export interface Session extends Authentication {
  readonly id: SessionRowId
  readonly uuid: SessionId
  readonly userId: UserId
  readonly ipAddress: string
  readonly userAgent: string
  readonly createdAtMs: EpochMs
  /** When its owner last proved who is there. A refresh proves nothing. */
  readonly authTimeMs: EpochMs
  readonly lastUsedAtMs: EpochMs
  /** Moves on with each use where the session ends when it is idle, up to `endsAtMs`. */
  readonly expiresAtMs: EpochMs
  /** It lives no longer, however it is used. */
  readonly endsAtMs: EpochMs
  readonly isActive: boolean
  readonly endedAtMs: EpochMs | null
  readonly endReason: EndReason | null
}

/** A column of the sessions, by which a list may be ordered. */
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

/** A session that lives, whose account is active. */
export interface UsableSession {
  readonly lastUsedAtMs: EpochMs
  readonly authentication: { readonly acr: Level; readonly authTimeMs: EpochMs }
}

/** When a session ends unless it is used. */
export interface SessionLife {
  readonly expiresAtMs: EpochMs
  /** It ends when it was not used for so long; null where it has its whole life. */
  readonly idleMs: number | null
}

/** How long sessions live, and how many of them one account has. */
export interface SessionLimits {
  readonly ttlMs: number
  /** A session that was not used for so long ends; undefined where none does. */
  readonly idleMs?: number | undefined
  /** Live sessions of one account, the one that starts included. */
  readonly perAccount: number
}

export interface SessionFilter {
  readonly isActive?: boolean | undefined
  readonly userId?: UserId | undefined
}

/** Its time is over, whatever its row says. */
export const isExpired = ({ expiresAtMs }: Pick<Session, 'expiresAtMs'>, nowMs: EpochMs): boolean =>
  expiresAtMs <= nowMs

/** A session past its end is over also when no clean-up has said so in its row yet. */
export const isLive = (session: Pick<Session, 'isActive' | 'expiresAtMs'>, nowMs: EpochMs): boolean =>
  session.isActive && !isExpired(session, nowMs)

/** The session as it stands now: one whose time is over has ended, whether or not a clean-up has said so in its row. */
export const sessionAsOf = (session: Session, nowMs: EpochMs): Session =>
  session.isActive && isExpired(session, nowMs)
    ? { ...session, isActive: false, endedAtMs: session.expiresAtMs, endReason: expiryReason(session) }
    : session

/** A session whose time is over before its whole life is was idle. */
const expiryReason = ({ expiresAtMs, endsAtMs }: Session): EndReason =>
  expiresAtMs < endsAtMs ? 'idle' : 'expired'
