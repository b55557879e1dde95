import type { EpochMs } from '../kernel/index.ts'
import { type Handle, lockRows } from '../store/index.ts'

/**
 * No node with a correct clock writes a lease that ends later than this. A lease that does was taken by a clock that
 * was hours ahead, perhaps by a process that has ended: it is treated as expired.
 */
const implausiblyFarMs = 3_600_000

/** What one of all nodes does for the others. Each has a row from the migration on. */
export type LeaseName = 'housekeeping' | 'mail'

/** A lease of this length from now on. */
interface Term {
  readonly nowMs: EpochMs
  readonly lengthMs: number
}

export type LeaseStore = ReturnType<typeof sqlLeaseStore>

export const sqlLeaseStore = (db: Handle) => ({
  /**
   * Takes the lease, or renews it for its holder; true when `holder` has it now. A lease of another holder is taken
   * only when it has run out. One guarded statement: of any number of callers at one instant, one gets it (ADR 15).
   */
  async take(name: LeaseName, holder: string, { nowMs, lengthMs }: Term): Promise<boolean> {
    const taken = await db
      .updateTable('leases')
      .set({ holder, expires_at: nowMs + lengthMs })
      .where('name', '=', name)
      .where(eb =>
        eb.or([
          eb('holder', '=', holder),
          eb('expires_at', '<=', nowMs),
          eb('expires_at', '>', nowMs + implausiblyFarMs),
        ]),
      )
      .returning('name')
      .executeTakeFirst()
    return taken !== undefined
  },

  /** Frees it for the next caller. Does nothing when another holds it by now. */
  async release(name: LeaseName, holder: string): Promise<void> {
    await db
      .updateTable('leases')
      .set({ holder: null, expires_at: 0 })
      .where('name', '=', name)
      .where('holder', '=', holder)
      .execute()
  },
})

/**
 * Waits until no other transaction holds this lock, and keeps the others waiting until this one ends. A row that is
 * always there stands for what cannot be locked itself, because it may not exist yet. Unlike a lease the lock ends with
 * its transaction, whatever becomes of the process.
 */
export async function lockRow(db: Handle, name: 'signing_keys' | 'permissions' | 'setup'): Promise<void> {
  const row = await lockRows(
    db,
    db.selectFrom('leases').select('name').where('name', '=', name),
  ).executeTakeFirst()
  // Without the row no transaction would wait for another, and nothing would show it.
  if (row === undefined) {
    throw new Error(`The table leases has lost its row ${name}. Put it back: holder null, expires_at 0.`)
  }
}
