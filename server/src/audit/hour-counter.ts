import { setImmediate as nextTurn } from 'node:timers/promises'
import type { EpochMs, Transact } from '../kernel/index.ts'
import type { CountedRange, HourCount, HourCountStore, IdRange } from './hour-count-store.sql.ts'
import { Watermark } from './watermark.ts'

export const hourMs = 3_600_000

interface Deps {
  /** Committed rows. */
  readonly hourCounts: HourCountStore
  readonly greatestEventId: () => Promise<number>
  readonly transaction: Transact<{ readonly hourCounts: HourCountStore }>
  /** Measures how long ago the audit was looked at; the instants of the rounds do, unless given. */
  readonly monotonicMs?: () => number
}

export class HourCounter {
  readonly #deps: Deps
  readonly #watermark: Watermark

  constructor(deps: Deps) {
    this.#deps = deps
    this.#watermark = new Watermark(deps.greatestEventId, deps.monotonicMs)
  }

  /**
   * Counts what has settled since the round before, then some of what is older than the first round of all, newest
   * first: after an upgrade the last days are there at once and the rest within minutes. INVARIANT: an event is counted
   * once. Two nodes may do it at the same time: each step moves the range from where it was, or adds nothing.
   */
  async round(nowMs: EpochMs, goOn: () => boolean = () => true): Promise<void> {
    const reachedId = this.#watermark.reachedId(nowMs)
    if (reachedId !== undefined) await countThrough(this.#deps, reachedId, goOn)
    await this.#watermark.look(nowMs)
  }
}

/** One transaction's worth: read before it in pages, added in a few rows. */
const eventsPerStep = 20_000

/** So many in one round: more events than the busiest server writes in a minute, and some seconds of one core at most. */
const mostSteps = 100

async function countThrough(deps: Deps, reachedId: number, goOn: () => boolean): Promise<void> {
  let counted = await firstRange(deps, reachedId)
  for (let steps = 0; steps < mostSteps && goOn(); steps++) {
    const step = await nextStep(deps, counted, reachedId)
    if (step === undefined) return
    const { counts, to } = step
    const from = counted
    if (!(await deps.transaction(({ hourCounts }) => hourCounts.add(counts, from, to)))) return
    counted = to
  }
}

/** Nothing is counted at first, and every event is either before the range or after it. */
async function firstRange({ hourCounts, transaction }: Deps, reachedId: number): Promise<CountedRange> {
  const known = await hourCounts.countedRange()
  if (known !== undefined) return known
  await transaction(stores => stores.hourCounts.begin(reachedId))
  // Another node may have been first.
  return (await hourCounts.countedRange())!
}

interface Step {
  readonly counts: readonly HourCount[]
  readonly to: CountedRange
}

/** What is new comes first. Undefined when everything that has settled is counted. */
async function nextStep(
  { hourCounts }: Deps,
  { fromId, throughId }: CountedRange,
  reachedId: number,
): Promise<Step | undefined> {
  if (throughId < reachedId) {
    const range = { afterId: throughId, throughId: reachedId }
    const run = await countRun(hourCounts, range, 'oldest', eventsPerStep)
    return { counts: run.counts, to: { fromId, throughId: run.isWhole ? reachedId : run.lastId! } }
  }
  if (fromId > 0) {
    const run = await countRun(hourCounts, { afterId: 0, throughId: fromId }, 'newest', eventsPerStep)
    return { counts: run.counts, to: { fromId: run.isWhole ? 0 : run.lastId! - 1, throughId } }
  }
  return undefined
}

/** Small enough that requests wait a few milliseconds at most, large enough that the query costs little beside its rows. */
const eventsPerPage = 1_000

interface CountedRun {
  readonly counts: readonly HourCount[]
  /** Whether nothing of the range is left. */
  readonly isWhole: boolean
  /** The last event that was counted, in the direction of the run; undefined when there was none. */
  readonly lastId: number | undefined
}

/**
 * Counts the events of a range from one end, so many at the most, page by page: requests are served between two
 * pages, as SQLite reads at once and never waits.
 */
export async function countRun(
  hourCounts: Pick<HourCountStore, 'countEvents'>,
  range: IdRange,
  from: 'oldest' | 'newest',
  limit: number,
): Promise<CountedRun> {
  const sums = new HourCounts()
  let rest = range
  let lastId: number | undefined
  for (let left = limit; left > 0; ) {
    const page = await hourCounts.countEvents(rest, from, Math.min(eventsPerPage, left))
    sums.add(page.counts)
    lastId = (from === 'oldest' ? page.greatestId : page.leastId) ?? lastId
    if (page.events < Math.min(eventsPerPage, left)) return { counts: sums.list(), isWhole: true, lastId }
    left -= page.events
    rest = from === 'oldest' ? { ...rest, afterId: lastId! } : { ...rest, throughId: lastId! - 1 }
    await nextTurn()
  }
  return { counts: sums.list(), isWhole: false, lastId }
}

/** Adds up counts of the same hour and act. */
class HourCounts {
  readonly #sums = new Map<string, HourCount>()

  add(counts: readonly HourCount[]): void {
    for (const each of counts) {
      const key = `${each.hourAtMs} ${each.action}`
      this.#sums.set(key, { ...each, count: each.count + (this.#sums.get(key)?.count ?? 0) })
    }
  }

  list(): readonly HourCount[] {
    return [...this.#sums.values()]
  }
}
