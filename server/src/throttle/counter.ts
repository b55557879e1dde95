import type { EpochMs } from '../kernel/index.ts'
import type { AttemptLimit, LimitKey, RateLimit } from './limits.ts'

/** What a counter has counted. */
export interface Count {
  /** How many stood at `countedAtMs`; some may have been forgotten since. */
  readonly failures: number
  readonly countedAtMs: EpochMs
  /** Until then every attempt is refused; null when none is, and always null of a rate limit. */
  readonly blockedUntilMs: EpochMs | null
}

export interface Counter extends LimitKey, Count {
  readonly id: number
}

/** The counter now: a wait that is over is none. */
export const currentCounter = (counter: Counter, nowMs: EpochMs): Counter =>
  counter.blockedUntilMs !== null && counter.blockedUntilMs <= nowMs
    ? { ...counter, blockedUntilMs: null }
    : counter

/*
 * The arithmetic of the throttle. The database does it in one statement for each counter, so that no attempt is lost
 * among many at the same time (ADR 14); these functions say in plain words what the statements of throttle-store.sql.ts
 * compute. `throttle-store.test.ts` compares both on both engines, over made-up histories.
 */

/** More failures than this beyond the free tries make no wait longer. They would only delay the row's removal. */
export const maxFailuresBeyondFree = 1_000

/** 2^20 s are twelve days: longer than the longest wait that the settings allow, and far from the end of the integers. */
export const maxDoublings = 20

/** The clocks of two nodes may differ by so much: a wait that the other node began is a wait here, too. */
export const maxSkewMs = 5 * 60_000

/** What an attempt found and left at one counter. */
export interface LimitResult {
  /** This one included, when it was counted. */
  readonly failures: number
  /** Until when the next one would be refused; null when it would not. */
  readonly blockedUntilMs: EpochMs | null
  /** Whether a wait was under way: the attempt was not counted, and must not be looked at. */
  readonly isRefused: boolean
}

/**
 * Takes one attempt. During a wait nothing changes: the attempt makes it neither longer nor shorter (ADR 32). Otherwise
 * it is one failure more, and once the free tries are used up a wait begins: of 1, 2, 4 … seconds, at most `maxWaitMs`.
 * `failures` is from 1 to `freeTries + maxFailuresBeyondFree`.
 */
export function takeAttempt(
  count: Count | undefined,
  limit: AttemptLimit,
  nowMs: EpochMs,
): Count & LimitResult {
  if (count === undefined) return { failures: 1, countedAtMs: nowMs, blockedUntilMs: null, isRefused: false }
  if (isWaiting(count, limit, nowMs)) return { ...count, isRefused: true }
  const { failures, countedAtMs } = refill(count, limit.refillMs, nowMs)
  const doublings = Math.min(failures - limit.freeTries, maxDoublings)
  const waitMs = Math.min(1000 * 2 ** doublings, limit.maxWaitMs)
  return {
    failures: Math.min(failures + 1, limit.freeTries + maxFailuresBeyondFree),
    countedAtMs,
    blockedUntilMs: doublings >= 0 ? nowMs + waitMs : null,
    isRefused: false,
  }
}

/** A wait that ends later than any could was begun by a clock that was far ahead: it is ignored, and locks no user out. */
const isWaiting = ({ blockedUntilMs }: Count, { maxWaitMs }: AttemptLimit, nowMs: EpochMs): boolean =>
  blockedUntilMs !== null && blockedUntilMs > nowMs && blockedUntilMs <= nowMs + maxWaitMs + maxSkewMs

/** Takes back one attempt that turned out well, and the wait that it began. `failures` is never below 0. */
export const refundAttempt = (
  count: Count,
  { freeTries }: AttemptLimit,
  begunUntilMs: EpochMs | null,
): Count =>
  count.failures === 0
    ? count
    : {
        ...count,
        failures: count.failures - 1,
        blockedUntilMs:
          count.failures - 1 <= freeTries || count.blockedUntilMs === begunUntilMs
            ? null
            : count.blockedUntilMs,
      }

/**
 * Takes one of a rate limit; undefined when all are taken. `failures` counts those that are taken, from 1 to `count`. A
 * counter that was written by a clock far ahead refuses nothing.
 */
export function takeOfRate(count: Count | undefined, limit: RateLimit, nowMs: EpochMs): Count | undefined {
  if (count === undefined) return { failures: 1, countedAtMs: nowMs, blockedUntilMs: null }
  const { failures, countedAtMs } = refill(count, limit.refillMs, nowMs)
  const isFarAhead = count.countedAtMs > nowMs + limit.count * limit.refillMs
  if (failures >= limit.count && !isFarAhead) return undefined
  return { ...count, failures: Math.min(failures + 1, limit.count), countedAtMs }
}

/** How long it takes from now until one can be taken, where all are. */
export const retryAfterMs = (
  { failures, countedAtMs }: Pick<Count, 'failures' | 'countedAtMs'>,
  { count, refillMs }: RateLimit,
  nowMs: EpochMs,
): number => Math.max(1, countedAtMs + (failures - count + 1) * refillMs - nowMs)

/**
 * Forgets one failure for each whole `refillMs` since `countedAtMs`. That moves on by whole steps only, or an attempt
 * every few seconds would keep everything from being forgotten. A count from a clock that was ahead starts from now.
 */
function refill(count: Count, refillMs: number, nowMs: EpochMs): Pick<Count, 'failures' | 'countedAtMs'> {
  const { failures, countedAtMs } = count
  if (countedAtMs > nowMs) return { failures, countedAtMs: nowMs }
  const steps = Math.floor((nowMs - countedAtMs) / refillMs)
  return steps >= failures
    ? { failures: 0, countedAtMs: nowMs }
    : { failures: failures - steps, countedAtMs: countedAtMs + steps * refillMs }
}
