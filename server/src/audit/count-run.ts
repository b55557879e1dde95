import { setImmediate as nextTurn } from 'node:timers/promises'
import { createHourCounts } from './hour-counts.ts'
import type { HourCount, TallyRange, TallyStore } from './tally-store.ts'

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
