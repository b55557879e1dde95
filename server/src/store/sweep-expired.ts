import { sql } from 'kysely'
import { type EpochMs, rowsPerSweep } from '../kernel/index.ts'
import type { Handle } from './database.ts'
import type { Tables } from './tables.ts'

/** Tables whose rows are of no use some time after they have expired, each with its key. */
const keys = {
  invitations: 'id',
  proofs: 'id',
  refresh_tokens: 'jti',
  remembered_devices: 'id',
  sign_in_tickets: 'id',
  used_challenges: 'challenge',
} as const satisfies Partial<Record<keyof Tables, string>>

/** Deletes rows that expired before this instant, a bounded number at a time; gives their number. */
export async function sweepExpired(db: Handle, table: keyof typeof keys, beforeMs: EpochMs): Promise<number> {
  const key = sql.ref(keys[table])
  const { numAffectedRows = 0n } = await sql`
    delete from ${sql.table(table)} where ${key} in (
      select ${key} from ${sql.table(table)} where expires_at < ${beforeMs} limit ${rowsPerSweep}
    )`.execute(db)
  return Number(numAffectedRows)
}
