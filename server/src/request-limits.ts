import type { Core } from './core.ts'
import type { UserId } from './kernel/index.ts'
import { DeniedEventQuota, RateLimiter } from './rate-limits/index.ts'

/** What each caller may ask of this node, as the settings say. */
export interface RequestLimits {
  readonly refresh: RateLimiter
  readonly badRefresh: RateLimiter
  readonly accessChecks: RateLimiter
  /** By network address: setup links that do not work. */
  readonly badSetupTokens: RateLimiter
  readonly deniedEvents: DeniedEventQuota
  /** Reports the denied permissions that were only counted and are not reported yet. */
  stop(): void
}

/** Sessions, accounts or networks that one limiter remembers: a few megabytes at most. */
const maxKeys = 50_000

/** Not a setting: no number of tries guesses 256 random bits. It tells a client that runs wild to wait. */
const badSetupTokens = { count: 60, perMs: 3_600_000 }

const flushEveryMs = 60_000

export function createRequestLimits(
  { config, clock }: Pick<Core, 'config' | 'clock'>,
  reportDenied: (userId: UserId, suppressed: number) => void,
): RequestLimits {
  const options = { maxKeys, clock }
  const limiter = (setting: { readonly count: number; readonly perSeconds: number } | undefined) =>
    new RateLimiter(setting && { count: setting.count, perMs: setting.perSeconds * 1000 }, options)
  const deniedEvents = new DeniedEventQuota({
    limiter: limiter(config.limitDeniedEvents),
    clock,
    report: reportDenied,
  })
  const flushing = setInterval(() => deniedEvents.flush('due'), flushEveryMs).unref()
  return {
    refresh: limiter(config.limitRefresh),
    badRefresh: limiter(config.limitBadRefresh),
    accessChecks: limiter(config.limitAccessChecks),
    badSetupTokens: new RateLimiter(badSetupTokens, options),
    deniedEvents,
    stop() {
      clearInterval(flushing)
      deniedEvents.flush('all')
    },
  }
}
