export interface BucketLimit {
  /** This much at once, and as much again, evenly, in every `perMs`. */
  readonly count: number
  readonly perMs: number
}

/** What sums of fractions may be off by. */
const roundingTokens = 1e-6

/**
 * A token bucket (the same as GCRA of ITU-T I.371): full at first, and filled again evenly. Mutable in place, so that
 * taking allocates nothing. Its times are those of a monotonic clock.
 */
export class TokenBucket {
  readonly #limit: BucketLimit
  /** What was taken and had not come back at `#atMs`; never more than the count. */
  #taken = 0
  #atMs: number

  constructor(limit: BucketLimit, tickMs: number) {
    this.#limit = limit
    this.#atMs = tickMs
  }

  /**
   * Takes `cost`, and says 0; or takes nothing, and says in how many milliseconds that much will be there. A cost
   * beyond the whole bucket takes all of it.
   */
  take(cost: number, tickMs: number): number {
    const { count, perMs } = this.#limit
    const refilled = ((tickMs - this.#atMs) * count) / perMs
    this.#taken = Math.max(0, this.#taken - refilled)
    this.#atMs = tickMs
    const wanted = Math.min(cost, count)
    const missing = this.#taken + wanted - count
    if (missing > roundingTokens) return ((missing - roundingTokens) * perMs) / count
    this.#taken += wanted
    return 0
  }
}
