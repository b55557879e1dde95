import { setImmediate as nextTurn } from 'node:timers/promises'
import type { EventRange, EventToSeal, SealStore } from './seal-store.ts'

/** Small enough that requests wait a few milliseconds at most, large enough that the query costs little beside its rows. */
const eventsPerPage = 500

/**
 * The events of a range in the order of their ids, page by page: memory does not grow with the range, and requests
 * are served between two pages, as SQLite reads at once and never waits.
 */
export async function* readRun(
  seals: Pick<SealStore, 'readEvents'>,
  { afterId, throughId }: EventRange,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<EventToSeal> {
  let lastId = afterId
  for (let left = limit; left > 0; ) {
    const pageSize = Math.min(eventsPerPage, left)
    const events = await seals.readEvents({ afterId: lastId, throughId }, pageSize)
    yield* events
    if (events.length < pageSize) return
    left -= events.length
    lastId = events.at(-1)!.id
    await nextTurn()
  }
}
