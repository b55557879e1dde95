import type { Handle } from '../store/index.ts'
import type { LeaseStore } from './lease-store.ts'

/**
 * No node with a correct clock writes a lease that ends later than this. A lease that does was taken by a clock that
 * was hours ahead, perhaps by a process that has ended: it is treated as expired.
 */
const implausiblyFarMs = 3_600_000

export const sqlLeaseStore = (db: Handle): LeaseStore => ({
  async take(name, holder, { nowMs, lengthMs }) {
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

  async giveBack(name, holder) {
    await db
      .updateTable('leases')
      .set({ holder: null, expires_at: 0 })
      .where('name', '=', name)
      .where('holder', '=', holder)
      .execute()
  },
})
