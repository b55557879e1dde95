import type { Generated } from 'kysely'

export interface AuditEventsTable {
  id: Generated<number>
  at: number
  actor: number | null
  action: string
  target: string | null
  outcome: string
  ip_address: string | null
  user_agent: string | null
  /** JSON. */
  details: string
}

export interface AuditSealsTable {
  /** 1, 2, 3 …: a chain without a gap. */
  position: number
  first_event_id: number
  last_event_id: number
  event_count: number
  /** SHA-256 in hexadecimal digits: of the seal before, and of this one with its events. */
  previous_hash: string
  hash: string
  sealed_at: number
  key_id: string
  signature: string
}

/** What was cut off the audit: every event up to one, which is the last of a seal. */
export interface AuditCutsTable {
  through_event_id: number
  seal_position: number
  seal_hash: string
  event_count: number
  rule: string
  cut_at: number
  key_id: string
  signature: string
}

/** One row: the newest seal, signed, as JSON. The chain must hold it. */
export interface AuditAnchorTable {
  name: string
  checkpoint: string
}

/** How many events of one action the audit has of one hour, so that they are not counted again. */
export interface AuditHoursTable {
  hour_at: number
  action: string
  count: number
}

/** Events with `from_id` < id <= `through_id` are in `audit_hours`, each once. */
export interface AuditTalliesTable {
  name: string
  from_id: number
  through_id: number
}
