import { type HourCount, hourMs } from '../audit/index.ts'
import type { EpochMs } from '../kernel/index.ts'
import { type Charted, chartedActs } from './charted-acts.ts'

/** What happened in one hour, or in one day of UTC. */
export interface Bucket extends Readonly<Record<Charted, number>> {
  /** When it began. */
  readonly atMs: EpochMs
}

/** The steps of a chart: the last one is under way. */
export interface Steps {
  readonly stepMs: number
  readonly sinceMs: EpochMs
  readonly count: number
}

/** A longer chart has a bar for each day: more than seventy bars are unreadable. */
const mostHourlySteps = 72
const dayMs = 24 * hourMs

/** So many hours back from now, in whole hours or days of UTC. */
export function stepsOf(hours: number, nowMs: EpochMs): Steps {
  const stepMs = hours <= mostHourlySteps ? hourMs : dayMs
  const count = Math.ceil((hours * hourMs) / stepMs)
  return { stepMs, count, sinceMs: nowMs - (nowMs % stepMs) - (count - 1) * stepMs }
}

const charted = Object.entries(chartedActs) as [Charted, string][]

/** One bucket for each step, empty ones too. Counts of other hours and other acts are left out. */
export function toBuckets({ stepMs, sinceMs, count }: Steps, counts: Iterable<HourCount>): readonly Bucket[] {
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
    const field = charted.find(([, act]) => act === action)?.[0]
    if (bucket !== undefined && field !== undefined) bucket[field] += count
  }
  return buckets
}
