import { KeyedSemaphore, type Permit, Rejection, Semaphore, type UserId } from '../kernel/index.ts'

/**
 * How many exports are under way: each holds a connection and reads pages for as long as its caller takes them. Kept
 * in the memory of this process: every node has its own.
 */
export interface ExportSlots {
  /** Refuses with `too_many_requests` when the account, or all together, have as many as they may. */
  take(userId: UserId): Permit
}

const mostOfOne = 2
const mostOfAll = 10

/** It is not known when one ends; a small one is over by then. */
const retryAfterSeconds = 5

export function createExportSlots(): ExportSlots {
  const full = () => new Rejection('too_many_requests', { retryAfterSeconds })
  const all = new Semaphore({ permits: mostOfAll, maxWaiting: 0, full })
  const byUser = new KeyedSemaphore<UserId>({ maxWaiting: 0, full })
  return {
    take(userId) {
      const own = byUser.tryAcquire(userId, mostOfOne)
      const any = own && all.tryAcquire()
      if (any === undefined) {
        own?.[Symbol.dispose]()
        throw full()
      }
      return {
        [Symbol.dispose]() {
          own?.[Symbol.dispose]()
          any[Symbol.dispose]()
        },
      }
    },
  }
}
