import type { EpochMs, TimeSource, UserId } from '../kernel/index.ts'
import type { RateLimiter } from './rate-limiter.ts'

/*
 * Two quotas of audit events that callers can cause without limit. What exceeds a quota is suppressed: not written, but
 * counted, and the number is reported. Both are in the memory of this process, and every node has its own.
 */

const hourMs = 3_600_000

/** A quota of events that unauthenticated callers cause: so many in an hour, all callers together. */
export class AuditQuota {
  readonly #perHour: number
  #sinceMs = Number.NEGATIVE_INFINITY
  #used = 0
  #suppressed = 0

  constructor(perHour: number) {
    this.#perHour = perHour
  }

  /** True when the events are to be written. Otherwise they are counted as suppressed. */
  tryTake(nowMs: EpochMs, count = 1): boolean {
    // Also when the clock was put back.
    if (nowMs < this.#sinceMs || nowMs - this.#sinceMs >= hourMs) {
      this.#sinceMs = nowMs
      this.#used = 0
    }
    const fits = this.#used < this.#perHour
    if (fits) this.#used += count
    else this.#suppressed += count
    return fits
  }

  /** Reports how many were suppressed since the last flush, if any; they are kept for the next one when that fails. */
  async flush(report: (suppressed: number) => Promise<void>): Promise<void> {
    const suppressed = this.#suppressed
    if (suppressed === 0) return
    this.#suppressed = 0
    try {
      await report(suppressed)
    } catch (error) {
      this.#suppressed += suppressed
      throw error
    }
  }
}

interface DeniedEventQuotaOptions {
  readonly limiter: RateLimiter
  readonly clock: Pick<TimeSource, 'monotonicMs'>
  /** Called at most once a minute for each account, with how many were suppressed since the last call. */
  readonly report: (userId: UserId, suppressed: number) => void
}

interface Tally {
  /** Since the account's last event. */
  suppressed: number
  /** Since the last report. */
  unreported: number
  /** By the monotonic clock. */
  reportedAtMs: number
}

const reportEveryMs = 60_000

/** Accounts over their quota at the same time; beyond that the longest known is reported and dropped. */
const maxTallies = 10_000

/**
 * A quota of denied permissions by account. The account's next event carries how many were suppressed before it, and
 * the log says so meanwhile: what is in memory ends with the process.
 */
export class DeniedEventQuota {
  readonly #options: DeniedEventQuotaOptions
  readonly #tallies = new Map<UserId, Tally>()

  constructor(options: DeniedEventQuotaOptions) {
    this.#options = options
  }

  /**
   * When the event is to be written: the number of those that were suppressed since the account's last one. Otherwise
   * undefined, and this one is suppressed.
   */
  tryTake(userId: UserId): { readonly suppressed: number } | undefined {
    if (!this.#options.limiter.tryTake(userId).ok) {
      this.#suppress(userId)
      return undefined
    }
    const tally = this.#tallies.get(userId)
    if (tally === undefined) return { suppressed: 0 }
    const { suppressed } = tally
    tally.suppressed = 0
    // Kept for as long as it holds back a line of the log.
    if (tally.unreported === 0 && this.#isDue(tally)) this.#tallies.delete(userId)
    return { suppressed }
  }

  /** The event could not be written: its number goes with the next one. */
  putBack(userId: UserId, suppressed: number): void {
    if (suppressed > 0) (this.#tallies.get(userId) ?? this.#open(userId)).suppressed += suppressed
  }

  /** Reports accounts without new denials: what is due by now, or all, before the end. */
  flush(which: 'due' | 'all'): void {
    for (const [userId, tally] of this.#tallies) {
      if (tally.unreported > 0 && (which === 'all' || this.#isDue(tally))) this.#report(userId, tally)
    }
  }

  #suppress(userId: UserId): void {
    const tally = this.#tallies.get(userId) ?? this.#open(userId)
    tally.suppressed += 1
    tally.unreported += 1
    if (this.#isDue(tally)) this.#report(userId, tally)
  }

  #open(userId: UserId): Tally {
    if (this.#tallies.size >= maxTallies) this.#dropOldest()
    const tally = { suppressed: 0, unreported: 0, reportedAtMs: Number.NEGATIVE_INFINITY }
    this.#tallies.set(userId, tally)
    return tally
  }

  #dropOldest(): void {
    for (const [userId, { unreported }] of this.#tallies) {
      this.#tallies.delete(userId)
      if (unreported > 0) this.#options.report(userId, unreported)
      return
    }
  }

  #isDue({ reportedAtMs }: Tally): boolean {
    return this.#options.clock.monotonicMs() - reportedAtMs >= reportEveryMs
  }

  #report(userId: UserId, tally: Tally): void {
    this.#options.report(userId, tally.unreported)
    tally.unreported = 0
    tally.reportedAtMs = this.#options.clock.monotonicMs()
  }
}
