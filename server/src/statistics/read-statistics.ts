import { type AuditAction, countRun, type HourCount, type HourCountStore, hourMs } from '../audit/index.ts'
import type { Clock, EpochMs } from '../kernel/index.ts'

/** The numbers that a chart shows, and the action of the audit that each of them counts. */
export const chartedActions = {
  signIns: 'user.login',
  failedSignIns: 'user.login_failed',
  refusals: 'access.denied',
  registrations: 'user.register',
  tokenReuse: 'token.reuse',
} as const satisfies Record<string, AuditAction>

type Charted = keyof typeof chartedActions

/** The counts of one hour, or of one day of UTC. */
export interface Bucket extends Readonly<Record<Charted, number>> {
  /** When it began. */
  readonly atMs: EpochMs
}

/** The numbers of now, whatever happened before. */
interface Totals {
  readonly users: { readonly total: number; readonly active: number }
  readonly liveSessions: number
  readonly locked: { readonly accounts: number; readonly addresses: number }
}

export interface StatisticsDeps {
  readonly clock: Clock
  /** Committed rows. */
  readonly hourCounts: HourCountStore
  readonly readTotals: () => Promise<Totals>
}

export interface Statistics extends Totals {
  readonly sinceMs: EpochMs
  readonly untilMs: EpochMs
  readonly stepMs: number
  readonly buckets: readonly Bucket[]
  /** Whether every event is in the buckets: not so while those from before an upgrade are still being tallied. */
  readonly isComplete: boolean
}

/**
 * What housekeeping has not tallied yet is counted now: the events of some two minutes. So many at the most, which is
 * more than ever come in that time.
 */
const maxCountedNow = 100_000

/** Counts the events of the last hours, each once, in the hour that it names, and reads the totals of now. */
export async function readStatistics(deps: StatisticsDeps, hours: number): Promise<Statistics> {
  const nowMs = deps.clock.nowMs()
  const steps = stepsOf(hours, nowMs)
  const [past, totals] = await Promise.all([countSince(deps, steps.sinceMs), deps.readTotals()])
  return {
    sinceMs: steps.sinceMs,
    untilMs: nowMs,
    stepMs: steps.stepMs,
    buckets: toBuckets(steps, past.counts),
    isComplete: past.isComplete,
    ...totals,
  }
}

async function countSince({ hourCounts }: StatisticsDeps, sinceMs: EpochMs) {
  // The counted range comes first: no event that it leaves out can be counted by what is read after it.
  const { counted, hours } = await hourCounts.read(sinceMs, Object.values(chartedActions))
  const rest = await countRun(hourCounts, { afterId: counted?.throughId ?? 0 }, 'newest', maxCountedNow)
  return {
    counts: [...hours, ...rest.counts],
    isComplete: rest.isWhole && (counted === undefined || counted.fromId === 0),
  }
}

/** The steps of a chart: the last one is under way. */
interface Steps {
  readonly stepMs: number
  readonly sinceMs: EpochMs
  readonly count: number
}

/** A longer chart has a bar for each day: more than seventy bars are unreadable. */
const maxHourlySteps = 72
const dayMs = 24 * hourMs

/** So many hours back from now, in whole hours or days of UTC. */
function stepsOf(hours: number, nowMs: EpochMs): Steps {
  const stepMs = hours <= maxHourlySteps ? hourMs : dayMs
  const count = Math.ceil((hours * hourMs) / stepMs)
  return { stepMs, count, sinceMs: nowMs - (nowMs % stepMs) - (count - 1) * stepMs }
}

const charted = Object.entries(chartedActions) as [Charted, string][]

/** One bucket for each step, empty ones too. Counts of other hours and other actions are left out. */
function toBuckets({ stepMs, sinceMs, count }: Steps, counts: Iterable<HourCount>): readonly Bucket[] {
  const buckets = Array.from({ length: count }, (_, step) => ({
    atMs: sinceMs + step * stepMs,
    signIns: 0,
    failedSignIns: 0,
    refusals: 0,
    registrations: 0,
    tokenReuse: 0,
  }))
  for (const { hourAtMs, action, count } of counts) {
    const bucket = buckets[Math.floor((hourAtMs - sinceMs) / stepMs)]
    const field = charted.find(([, counted]) => counted === action)?.[0]
    if (bucket !== undefined && field !== undefined) bucket[field] += count
  }
  return buckets
}

/**
 * Reads once for all calls within so many milliseconds, those at the same time included. After a failure the next call
 * reads again, and so does one after the clock was set back.
 */
export function cachedFor<Value>(
  lifeMs: number,
  { nowMs }: Clock,
  read: (nowMs: EpochMs) => Promise<Value>,
): () => Promise<Value> {
  let cached: { readonly atMs: EpochMs; readonly value: Promise<Value> } | undefined
  return () => {
    const now = nowMs()
    if (cached !== undefined && now >= cached.atMs && now - cached.atMs < lifeMs) return cached.value
    const latest = { atMs: now, value: read(now) }
    cached = latest
    latest.value.catch(() => {
      if (cached === latest) cached = undefined
    })
    return latest.value
  }
}
