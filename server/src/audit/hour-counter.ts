import { setImmediate as nextTurn } from 'node:timers/promises'
import type { EpochMs, Transact } from '../kernel/index.ts'
import type { HourCount, TallyMark, TallyRange, TallyStore } from './hour-count-store.sql.ts'
import { createSettledMark } from './watermark.ts'

export const hourMs = 3_600_000

interface Deps {
  /** Committed rows. */
  readonly tallies: TallyStore
  readonly greatestEventId: () => Promise<number>
  readonly transaction: Transact<{ readonly tallies: TallyStore }>
  /** Measures how long ago the audit was looked at; the instants of the rounds do, unless given. */
  readonly monotonicMs?: () => number
}

export interface AuditTallier {
  /**
   * Tallies what has settled since the round before, then some of what is older than the first round of all, newest
   * first: after an upgrade the last days are there at once and the rest within minutes. INVARIANT: an event is counted
   * once. Two nodes may do it at the same time: each step moves the mark from where it was, or adds nothing.
   */
  round(nowMs: EpochMs, goOn?: () => boolean): Promise<void>
}

/** One transaction's worth: read before it in pages, added in a few rows. */
const eventsPerStep = 20_000

/** So many in one round: more events than the busiest server writes in a minute, and some seconds of one core at most. */
const mostSteps = 100

export function createAuditTallier(deps: Deps): AuditTallier {
  const settled = createSettledMark(deps.greatestEventId, deps.monotonicMs)
  return {
    async round(nowMs, goOn = () => true) {
      const settledId = settled.settledId(nowMs)
      if (settledId !== undefined) await tallyThrough(deps, settledId, goOn)
      await settled.look(nowMs)
    },
  }
}

async function tallyThrough(deps: Deps, settledId: number, goOn: () => boolean): Promise<void> {
  let mark = await firstMark(deps, settledId)
  for (let steps = 0; steps < mostSteps && goOn(); steps++) {
    const step = await nextStep(deps, mark, settledId)
    if (step === undefined) return
    const { counts, to } = step
    const from = mark
    if (!(await deps.transaction(({ tallies }) => tallies.add(counts, from, to)))) return
    mark = to
  }
}

/** Nothing is tallied at first, and everything is either before the mark or after it. */
async function firstMark({ tallies, transaction }: Deps, settledId: number): Promise<TallyMark> {
  const known = await tallies.countedRange()
  if (known !== undefined) return known
  await transaction(stores => stores.tallies.begin(settledId))
  // Another node may have been first.
  return (await tallies.countedRange())!
}

interface Step {
  readonly counts: readonly HourCount[]
  readonly to: TallyMark
}

/** What is new comes first. Undefined when everything that has settled is tallied. */
async function nextStep(
  { tallies }: Deps,
  { fromId, throughId }: TallyMark,
  settledId: number,
): Promise<Step | undefined> {
  if (throughId < settledId) {
    const range = { afterId: throughId, throughId: settledId }
    const run = await countRun(tallies, range, 'oldest', eventsPerStep)
    return { counts: run.counts, to: { fromId, throughId: run.isWhole ? settledId : run.lastId! } }
  }
  if (fromId > 0) {
    const run = await countRun(tallies, { afterId: 0, throughId: fromId }, 'newest', eventsPerStep)
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
  tallies: Pick<TallyStore, 'countEvents'>,
  range: TallyRange,
  from: 'oldest' | 'newest',
  limit: number,
): Promise<CountedRun> {
  const sums = createHourCounts()
  let rest = range
  let lastId: number | undefined
  for (let left = limit; left > 0; ) {
    const page = await tallies.countEvents(rest, from, Math.min(eventsPerPage, left))
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
export interface HourCounts {
  add(counts: readonly HourCount[]): void
  list(): readonly HourCount[]
}

export function createHourCounts(): HourCounts {
  const sums = new Map<string, HourCount>()
  return {
    add(counts) {
      for (const each of counts) {
        const key = `${each.hourAtMs} ${each.action}`
        sums.set(key, { ...each, count: each.count + (sums.get(key)?.count ?? 0) })
      }
    },
    list: () => [...sums.values()],
  }
}
