import type { AuditEvent, AuditOutcome } from './audit-event.ts'

/** The columns of an event where a statement calls its table `e`. */
export const eventColumns = [
  'e.id',
  'e.at',
  'e.actor',
  'e.action',
  'e.target',
  'e.outcome',
  'e.ip_address',
  'e.user_agent',
  'e.details',
] as const

interface EventRow {
  readonly id: number
  readonly at: number
  readonly action: string
  readonly target: string | null
  readonly outcome: string
  readonly ip_address: string | null
  readonly user_agent: string | null
  readonly details: string
}

/** All but who did it: the name of an actor is of another table. */
export const toDeed = (row: EventRow): Omit<AuditEvent, 'actor'> => ({
  id: row.id,
  atMs: row.at,
  action: row.action,
  target: row.target,
  outcome: row.outcome as AuditOutcome,
  ipAddress: row.ip_address,
  userAgent: row.user_agent,
  details: JSON.parse(row.details) as Record<string, unknown>,
})
