import { Refusal, type UserId } from '../kernel/index.ts'

/**
 * How many exports are under way: each holds a connection and reads pages for as long as its caller takes them. Kept
 * in the memory of this process: every node has its own.
 */
export interface ExportSlots {
  /** Refuses with `too_many_requests` when the account, or all together, have as many as they may. Gives the way back. */
  take(userId: UserId): () => void
}

const mostOfOne = 2
const mostOfAll = 10

/** Nobody knows when one ends; a small one is over by then. */
const retryAfterSeconds = 5

export function createExportSlots(): ExportSlots {
  const underWay = new Map<UserId, number>()
  let all = 0
  return {
    take(userId) {
      const own = underWay.get(userId) ?? 0
      if (own >= mostOfOne || all >= mostOfAll) throw new Refusal('too_many_requests', { retryAfterSeconds })
      underWay.set(userId, own + 1)
      all += 1
      let isTaken = true
      return () => {
        if (!isTaken) return
        isTaken = false
        all -= 1
        const left = underWay.get(userId)! - 1
        if (left === 0) underWay.delete(userId)
        else underWay.set(userId, left)
      }
    },
  }
}
