import type { Selectable } from 'kysely'
import type { SessionId, SessionRowId, UserId } from '../kernel/index.ts'
import type { SessionsTable } from '../store/index.ts'
import type { EndReason, Session } from './session.ts'

/**
 * All of them, by name: a prepared statement that returns `*` would fail on PostgreSQL once a newer version has added a
 * column, while this one still runs.
 */
export const sessionColumns = [
  'id',
  'uuid',
  'user_id',
  'ip_address',
  'user_agent',
  'created_at',
  'last_used_at',
  'expires_at',
  'is_active',
  'ended_at',
  'end_reason',
] as const

export const toSession = (
  row: Pick<Selectable<SessionsTable>, (typeof sessionColumns)[number]>,
): Session => ({
  id: row.id as SessionRowId,
  uuid: row.uuid as SessionId,
  userId: row.user_id as UserId,
  ipAddress: row.ip_address,
  userAgent: row.user_agent,
  createdAtMs: row.created_at,
  lastUsedAtMs: row.last_used_at,
  expiresAtMs: row.expires_at,
  isActive: Boolean(row.is_active),
  endedAtMs: row.ended_at,
  endReason: row.end_reason as EndReason | null,
})
