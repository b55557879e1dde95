import type { EpochMs } from '../kernel/index.ts'

/**
 * How many rows of the audit unauthenticated callers may cause on this node: the audit is never cleared, and any caller
 * of `/login/` can fail without limit. Failures beyond the budget are counted, and their number is reported.
 */
export interface RecordBudget {
  hasRoom(nowMs: EpochMs): boolean
  /** Notes a row that was written. */
  spend(nowMs: EpochMs): void
  /** Notes one for which there was no room. */
  miss(count?: number): void
  /** How many were missed since the last call. */
  takeMissed(): number
}

const hourMs = 3_600_000

export function createRecordBudget(perHour: number): RecordBudget {
  let sinceMs = Number.NEGATIVE_INFINITY
  let spent = 0
  let missed = 0
  const turn = (nowMs: EpochMs) => {
    if (nowMs >= sinceMs && nowMs - sinceMs < hourMs) return
    sinceMs = nowMs
    spent = 0
  }
  return {
    hasRoom(nowMs) {
      turn(nowMs)
      return spent < perHour
    },
    spend(nowMs) {
      turn(nowMs)
      spent += 1
    },
    miss(count = 1) {
      missed += count
    },
    takeMissed() {
      const taken = missed
      missed = 0
      return taken
    },
  }
}
