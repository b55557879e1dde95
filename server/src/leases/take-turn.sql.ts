import { type Handle, lockRows } from '../store/index.ts'

/**
 * Waits until no other transaction has this turn, and keeps the others waiting until this one ends. A row that is
 * always there stands for what cannot be locked itself, because it may not exist yet. Unlike a lease a turn ends with
 * its transaction, whatever becomes of the process.
 */
export async function takeTurn(db: Handle, name: 'signing_keys' | 'permissions' | 'setup'): Promise<void> {
  const row = await lockRows(
    db,
    db.selectFrom('leases').select('name').where('name', '=', name),
  ).executeTakeFirst()
  // Without the row no transaction would wait for another, and nothing would show it.
  if (row === undefined) {
    throw new Error(`The table leases has lost its row ${name}. Put it back: holder null, expires_at 0.`)
  }
}
