import type { EpochMs, Origin, Page, PageRequest, UserId } from '../kernel/index.ts'

/** Every act that the audit knows. Never renamed: auditors search for them. */
export const auditActions = [
  'user.register',
  'user.login',
  'user.login_failed',
  'user.create',
  'user.setup',
  'user.update',
  'user.deactivate',
  'user.erase',
  'user.reactivate',
  'user.password_change',
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
  'access.denied',
  'throttle.wait',
  'throttle.clear',
  'key.create',
  'key.rotate',
  'data.export',
  'audit.cut',
  'database.restore',
  'database.demo',
] as const

export type AuditAction = (typeof auditActions)[number]
export type AuditOutcome = 'success' | 'denied' | 'failure'

export interface NewAuditEvent {
  /** Who did it; null for the command line, for the server itself, and for a caller who was not signed in. */
  readonly actorId: UserId | null
  readonly action: AuditAction
  /** What it was done to, such as `users/5`. */
  readonly target: string | null
  readonly outcome?: AuditOutcome
  readonly origin: Origin | null
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
}

/** Append-only: the database itself refuses to change a row, or to delete one that no cut names. */
export interface AuditLog {
  append(event: NewAuditEvent, nowMs: EpochMs): Promise<void>
  /** One statement for hundreds of events of one cause: a user may have thousands of sessions to end. */
  appendAll(events: readonly NewAuditEvent[], nowMs: EpochMs): Promise<void>
  /** Newest first unless asked otherwise. */
  list(filter: AuditFilter, page: PageRequest<'id' | 'at'>): Promise<Page<AuditEvent>>
  findById(id: number): Promise<AuditEvent | undefined>
  /** The events with an id above `after`, at most `most` of them, and those of `also` that are there; by id. */
  tail(after: number, also: readonly number[], most: number): Promise<readonly AuditEvent[]>
  /** The ids of the newest events, the lowest first. */
  newestIds(most: number): Promise<readonly number[]>
}
