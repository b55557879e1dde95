import type { ClientInfo, EpochMs, UserId } from '../kernel/index.ts'

/** Every act that the audit knows. Never renamed: auditors search for them. */
export const auditActions = [
  'user.register',
  'user.register_request',
  'user.login',
  'user.login_failed',
  'user.login_step',
  'user.create',
  'user.setup',
  'user.update',
  'user.deactivate',
  'user.erase',
  'user.reactivate',
  'user.password_change',
  'user.password_reset',
  'user.code_request',
  'user.reset_request',
  'user.reset_start',
  'user.email_change_request',
  'user.email_change',
  'user.email_undo',
  'user.disown',
  'user.email_verify',
  'user.email_verify_request',
  'user.step_up',
  'user.step_up_failed',
  'factor.enroll',
  'factor.create',
  'factor.update',
  'factor.delete',
  'factor.recovery_codes',
  'factor.cloned',
  'factor.reset',
  'device.remember',
  'device.forget',
  'session.logout',
  'session.end',
  'session.end_all',
  'session.end_everybody',
  'token.revoke',
  'token.reuse',
  'role.create',
  'role.update',
  'role.delete',
  'resource.create',
  'resource.update',
  'resource.delete',
  'action.create',
  'action.update',
  'action.delete',
  'permission.create',
  'permission.update',
  'permission.delete',
  'api_key.create',
  'api_key.update',
  'api_key.rotate',
  'api_key.delete',
  'invitation.create',
  'invitation.resend',
  'invitation.revoke',
  'invitation.accept',
  'forward_rule.create',
  'forward_rule.update',
  'forward_rule.delete',
  'access.denied',
  'throttle.wait',
  'throttle.clear',
  'key.create',
  'key.rotate',
  'mail.fail',
  'mail.retry',
  'data.export',
  'audit.cut',
  'database.restore',
  'database.demo',
] as const

export type AuditAction = (typeof auditActions)[number]

export const auditOutcomes = ['success', 'denied', 'failure'] as const
export type AuditOutcome = (typeof auditOutcomes)[number]

/** Events that belong together whatever their action: see `ofKind` in audit-filter.sql.ts. */
export const auditKinds = ['role_changes', 'access_changes', 'incidents'] as const
export type AuditKind = (typeof auditKinds)[number]

export interface NewAuditEvent {
  /** Who did it; null for the command line, for the server itself, and for a caller who was not signed in. */
  readonly actorId: UserId | null
  readonly action: AuditAction
  /** What it was done to, such as `users/5`. */
  readonly target: string | null
  readonly outcome?: AuditOutcome
  readonly origin: ClientInfo | null
  /** INVARIANT: never a password, a token or a key. */
  readonly details?: Readonly<Record<string, unknown>>
}

export interface AuditEvent {
  readonly id: number
  readonly atMs: EpochMs
  readonly actor: { readonly id: UserId; readonly email: string } | null
  readonly action: string
  readonly target: string | null
  readonly outcome: AuditOutcome
  readonly ipAddress: string | null
  readonly userAgent: string | null
  readonly details: Readonly<Record<string, unknown>>
}

export interface AuditFilter {
  readonly actorId?: UserId | undefined
  readonly action?: string | undefined
  readonly target?: string | undefined
  readonly sinceMs?: EpochMs | undefined
  readonly untilMs?: EpochMs | undefined
  readonly outcome?: AuditOutcome | undefined
  readonly kind?: AuditKind | undefined
  /** In the one spelling of an address. */
  readonly ipAddress?: string | undefined
  /** Words that an event holds all of. Only the newest events that fit the rest are looked at (`searchedEvents`). */
  readonly search?: string | undefined
}

/** How many events a search by words reads at the most, the newest first: no index holds the words. */
export const searchedEvents = 100_000

/** How the audit names an account: what one asks `GET /audit/?target=` with. */
export const userTarget = (id: UserId): string => `users/${id}`
