import { Rejection, type TimeSource } from '../kernel/index.ts'

interface BucketLimit {
  /** This much at once, and as much again, evenly, in every `perMs`. */
  readonly count: number
  readonly perMs: number
}

type LimitAnswer = { readonly ok: true } | { readonly ok: false; readonly retryAfterSeconds: number }

interface RateLimiterOptions {
  /**
   * INVARIANT: no more keys than this are remembered, whatever the callers send. The keys unused for longest are
   * dropped first.
   */
  readonly maxKeys: number
  readonly clock: Pick<TimeSource, 'monotonicMs'>
}

const accepted: LimitAnswer = Object.freeze({ ok: true })

/**
 * Limits how much each of many callers may ask for, by a token bucket per key, in the memory of this process: every node
 * has its own. Limits that hold on all nodes are those of the throttle.
 */
export class RateLimiter {
  readonly #limit: BucketLimit | undefined
  readonly #clock: RateLimiterOptions['clock']
  readonly #keysPerMap: number
  #young = new Map<string | number, TokenBucket>()
  #old = this.#young

  /** Without a limit everything is accepted. */
  constructor(limit: BucketLimit | undefined, { maxKeys, clock }: RateLimiterOptions) {
    this.#limit = limit
    this.#clock = clock
    this.#keysPerMap = Math.ceil(maxKeys / 2)
  }

  /** Takes `cost` of what the key has left, or takes nothing and says when that much will be there. */
  tryTake(key: string | number, cost = 1): LimitAnswer {
    if (this.#limit === undefined) return accepted
    const tickMs = this.#clock.monotonicMs()
    const bucket = this.#young.get(key) ?? this.#open(key, this.#limit, tickMs)
    const waitMs = bucket.take(cost, tickMs)
    return waitMs === 0 ? accepted : { ok: false, retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) }
  }

  /** Takes, or rejects with `too_many_requests`, which says when to come back. */
  take(key: string | number, cost = 1): void {
    const answer = this.tryTake(key, cost)
    if (!answer.ok) throw new Rejection('too_many_requests', { retryAfterSeconds: answer.retryAfterSeconds })
  }

  // Two maps instead of one queue: dropping keys costs nothing however many unknown callers come, and a key that
  // is in use moves to the younger map.
  #open(key: string | number, limit: BucketLimit, tickMs: number): TokenBucket {
    const bucket = this.#old.get(key) ?? new TokenBucket(limit, tickMs)
    if (this.#young.size >= this.#keysPerMap) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, bucket)
    return bucket
  }
}

/** Sums of fractions may be off by so much. */
const roundingTokens = 1e-6

/**
 * A token bucket (the same as GCRA of ITU-T I.371): full at first, and filled again evenly. Mutable in place, so that
 * taking allocates nothing. Its times are those of a monotonic clock.
 */
class TokenBucket {
  readonly #limit: BucketLimit
  /** Taken, and not refilled at `#atMs`; never more than the count. */
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
