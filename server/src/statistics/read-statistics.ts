import { countRun, type TallyStore } from '../audit/index.ts'
import type { Clock, EpochMs } from '../kernel/index.ts'
import { type Bucket, stepsOf, toBuckets } from './buckets.ts'
import { chartedActs } from './charted-acts.ts'

/** How things stand now, whatever happened before. */
export interface Standing {
  readonly users: { readonly total: number; readonly active: number }
  readonly liveSessions: number
  readonly locked: { readonly accounts: number; readonly addresses: number }
}

export interface StatisticsDeps {
  readonly clock: Clock
  /** Committed rows. */
  readonly tallies: TallyStore
  readonly readStanding: () => Promise<Standing>
}

export interface Statistics extends Standing {
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
const mostCountedNow = 100_000

/** What happened in the last hours, and how things stand. Each event is counted once, in the hour that it names. */
export async function readStatistics(deps: StatisticsDeps, hours: number): Promise<Statistics> {
  const nowMs = deps.clock.nowMs()
  const steps = stepsOf(hours, nowMs)
  const [happened, standing] = await Promise.all([countSince(deps, steps.sinceMs), deps.readStanding()])
  return {
    sinceMs: steps.sinceMs,
    untilMs: nowMs,
    stepMs: steps.stepMs,
    buckets: toBuckets(steps, happened.counts),
    isComplete: happened.isComplete,
    ...standing,
  }
}

async function countSince({ tallies }: StatisticsDeps, sinceMs: EpochMs) {
  // The mark comes first: no event that it leaves out can be tallied by what is read after it.
  const { mark, hours } = await tallies.read(sinceMs, Object.values(chartedActs))
  const rest = await countRun(tallies, { afterId: mark?.throughId ?? 0 }, 'newest', mostCountedNow)
  return {
    counts: [...hours, ...rest.counts],
    isComplete: rest.isWhole && (mark === undefined || mark.fromId === 0),
  }
}
