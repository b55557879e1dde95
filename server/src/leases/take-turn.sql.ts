import { sql } from 'kysely'
import type { Handle } from '../store/index.ts'

/**
 * Waits until no other transaction has this turn, and keeps the others waiting until this one ends. A row that is
 * always there stands for what cannot be locked itself, because it may not exist yet. Unlike a lease a turn ends with
 * its transaction, whatever becomes of the process.
 */
export async function takeTurn(db: Handle, name: 'signing_keys' | 'permissions' | 'setup'): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('leases')
    .set({ expires_at: sql<number>`expires_at` })
    .where('name', '=', name)
    .executeTakeFirst()
  // Without the row no transaction would wait for another, and nothing would show it.
  if (numUpdatedRows !== 1n) {
    throw new Error(`The table leases has lost its row ${name}. Put it back: holder null, expires_at 0.`)
  }
}
