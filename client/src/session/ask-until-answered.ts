import { ProblemError } from '../problem-error.ts'
import type { SessionPlatform } from './platform.ts'

/** After so long without an answer the same is asked once more, beside the first: a late answer still counts. */
const askAgainAfterMs = 3_000
/** So many run at most: those that follow would come to a server that is busy already. */
const maxRunning = 3
/** The wait after a failure, doubled after each. */
const firstWaitMs = 500
const longestWaitMs = 8_000
/** What failed so often is given up: the caller hears of it, and the session stays. */
const maxFailures = 4
const deadlineMs = 30_000

/** The server's word that there is no session any more. Nothing else is: not a network, not a proxy, not a busy server. */
export const isSessionOver = (error: unknown): boolean =>
  error instanceof ProblemError && error.code === 'invalid_refresh_token'

/**
 * Asks until there is an answer. `ask` must be safe to repeat: a refresh is, as the server gives the same next token to a
 * request with the same key while that token is not used (ADR 41). Rejects at once when the session is over, and with the
 * last failure after four of them or 30 s. An abort of `given` ends all that run: of an answer that comes later no cookie
 * is kept.
 */
export function askUntilAnswered<T>(
  platform: Pick<SessionPlatform, 'after'>,
  ask: (signal: AbortSignal) => Promise<T>,
  given?: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = new AbortController()
    let failures = 0
    let running = 0
    let lastError: unknown = new DOMException('The server did not answer in time.', 'TimeoutError')
    let cancelNext = () => {}

    const settle = (act: () => void) => {
      if (stop.signal.aborted) return
      cancelNext()
      cancelDeadline()
      given?.removeEventListener('abort', giveUp)
      stop.abort()
      act()
    }
    const next = (ms: number) => {
      cancelNext()
      cancelNext = platform.after(ms, start)
    }
    const fail = (error: unknown) => {
      if (stop.signal.aborted) return
      lastError = error
      failures += 1
      running -= 1
      if (isSessionOver(error) || failures >= maxFailures) settle(() => reject(error))
      else next(waitAfter(failures, error))
    }
    const start = () => {
      running += 1
      if (running < maxRunning) next(askAgainAfterMs)
      ask(stop.signal).then(value => settle(() => resolve(value)), fail)
    }
    const giveUp = () => settle(() => reject(given?.reason))
    given?.addEventListener('abort', giveUp, { once: true })
    const cancelDeadline = platform.after(deadlineMs, () => settle(() => reject(lastError)))
    if (given?.aborted) giveUp()
    else start()
  })
}

function waitAfter(failures: number, error: unknown): number {
  const askedMs = error instanceof ProblemError ? (error.retryAfterSeconds ?? 0) * 1000 : 0
  return Math.max(askedMs, Math.min(firstWaitMs * 2 ** (failures - 1), longestWaitMs))
}
