import type { EpochMs } from '../kernel/index.ts'

export interface BucketLimit {
  /** This much at once, and as much again, evenly, in every `perMs`. */
  readonly count: number
  readonly perMs: number
}

/** What sums of fractions may be off by. */
const roundingTokens = 1e-6

/**
 * A token bucket (the same as GCRA of ITU-T I.371): full at first, and filled again evenly. Mutable in place, so that
 * taking allocates nothing.
 */
export class TokenBucket {
  readonly #limit: BucketLimit
  /** What was taken and had not come back at `#atMs`; never more than the count. */
  #taken = 0
  #atMs: EpochMs

  constructor(limit: BucketLimit, nowMs: EpochMs) {
    this.#limit = limit
    this.#atMs = nowMs
  }

  /**
   * Takes `cost`, and says 0; or takes nothing, and says in how many milliseconds that much will be there. A cost
   * beyond the whole bucket takes all of it.
   */
  take(cost: number, nowMs: EpochMs): number {
    const { count, perMs } = this.#limit
    // A clock that was put back refills nothing, and holds no caller for longer than the period either.
    const refilled = (Math.max(0, nowMs - this.#atMs) * count) / perMs
    this.#taken = Math.max(0, this.#taken - refilled)
    this.#atMs = nowMs
    const wanted = Math.min(cost, count)
    const missing = this.#taken + wanted - count
    if (missing > roundingTokens) return ((missing - roundingTokens) * perMs) / count
    this.#taken += wanted
    return 0
  }
}
