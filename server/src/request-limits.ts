import type { Core } from './core.ts'
import type { UserId } from './kernel/index.ts'
import { DeniedEventQuota, RateLimiter } from './rate-limits/index.ts'

/** Sessions, accounts or networks that one limiter remembers: a few megabytes at most. */
const maxKeys = 50_000

/** Not a setting: no number of tries guesses 256 random bits. It tells a client that runs wild to wait. */
const badSetupTokens = { count: 60, perMs: 3_600_000 }

const flushEveryMs = 60_000

/** What each caller may ask of this node, as the settings say. */
export class RequestLimits {
  readonly refresh: RateLimiter
  readonly badRefresh: RateLimiter
  readonly accessChecks: RateLimiter
  /** By network address: setup links that do not work. */
  readonly badSetupTokens: RateLimiter
  readonly deniedEvents: DeniedEventQuota
  readonly #flushing: NodeJS.Timeout

  constructor(
    { config, clock }: Pick<Core, 'config' | 'clock'>,
    reportDenied: (userId: UserId, suppressed: number) => void,
  ) {
    const options = { maxKeys, clock }
    const limiter = (setting: { readonly count: number; readonly perSeconds: number } | undefined) =>
      new RateLimiter(setting && { count: setting.count, perMs: setting.perSeconds * 1000 }, options)
    this.refresh = limiter(config.limitRefresh)
    this.badRefresh = limiter(config.limitBadRefresh)
    this.accessChecks = limiter(config.limitAccessChecks)
    this.badSetupTokens = new RateLimiter(badSetupTokens, options)
    this.deniedEvents = new DeniedEventQuota({
      limiter: limiter(config.limitDeniedEvents),
      clock,
      report: reportDenied,
    })
    this.#flushing = setInterval(() => this.deniedEvents.flush('due'), flushEveryMs).unref()
  }

  /** Reports the denied permissions that were only counted and are not reported yet. */
  stop(): void {
    clearInterval(this.#flushing)
    this.deniedEvents.flush('all')
  }
}
