import type { TimeSource, UserId } from '../kernel/index.ts'
import type { Budget } from './budget.ts'

/**
 * Decides which refused permissions become rows of the audit: an account must not be able to fill it. In the
 * memory of this process, as every budget is; what was only counted is gone with it, but for the lines of the log.
 */
export interface DeniedEvents {
  /**
   * Undefined when this one is only counted. Otherwise it is to be written, with the number of those that were only
   * counted since the account's last row.
   */
  admit(userId: UserId): { readonly unrecorded: number } | undefined
  /** The row could not be written: what was to be told with it is told with the next one. */
  returnUnrecorded(userId: UserId, unrecorded: number): void
  /** Reports the rest of accounts without new denials: what is due by now, or all of it, before the end. */
  tellRest(which: 'due' | 'all'): void
}

interface Options {
  readonly budget: Budget
  readonly clock: Pick<TimeSource, 'monotonicMs'>
  /** Told, at most once a minute for each account, how many were not written since it was told last. */
  readonly report: (userId: UserId, unrecorded: number) => void
}

interface Tally {
  unrecorded: number
  untold: number
  /** By the monotonic clock. */
  toldAtMs: number
}

const toldEveryMs = 60_000

/** Accounts over their budget at the same time; beyond that the longest known is told of and let go. */
const mostTallies = 10_000

export function createDeniedEvents({ budget, clock, report }: Options): DeniedEvents {
  const tallies = new Map<UserId, Tally>()

  const open = (userId: UserId): Tally => {
    if (tallies.size >= mostTallies) letGoOldest()
    const tally = { unrecorded: 0, untold: 0, toldAtMs: Number.NEGATIVE_INFINITY }
    tallies.set(userId, tally)
    return tally
  }

  const letGoOldest = () => {
    for (const [userId, { untold }] of tallies) {
      tallies.delete(userId)
      if (untold > 0) report(userId, untold)
      return
    }
  }

  const isDue = ({ toldAtMs }: Tally) => clock.monotonicMs() - toldAtMs >= toldEveryMs

  const tell = (userId: UserId, tally: Tally) => {
    report(userId, tally.untold)
    tally.untold = 0
    tally.toldAtMs = clock.monotonicMs()
  }

  const count = (userId: UserId) => {
    const tally = tallies.get(userId) ?? open(userId)
    tally.unrecorded += 1
    tally.untold += 1
    if (isDue(tally)) tell(userId, tally)
  }

  return {
    admit(userId) {
      if (!budget.spend(userId).ok) {
        count(userId)
        return undefined
      }
      const tally = tallies.get(userId)
      if (tally === undefined) return { unrecorded: 0 }
      const { unrecorded } = tally
      tally.unrecorded = 0
      // Kept for as long as it holds back a line of the log.
      if (tally.untold === 0 && isDue(tally)) tallies.delete(userId)
      return { unrecorded }
    },
    tellRest(which) {
      for (const [userId, tally] of tallies) {
        if (tally.untold > 0 && (which === 'all' || isDue(tally))) tell(userId, tally)
      }
    },
    returnUnrecorded(userId, unrecorded) {
      if (unrecorded > 0) (tallies.get(userId) ?? open(userId)).unrecorded += unrecorded
    },
  }
}
