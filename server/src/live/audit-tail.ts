import type { AuditEvent, AuditLog } from '../audit/index.ts'
import type { TimeSource } from '../kernel/index.ts'

/** What one reading brings at the most; more than that is read at once after it. Fewer than may wait for one client. */
const maxAtOnce = 200

/** On PostgreSQL an id becomes visible at most so long after it was taken, by the monotonic clock: transactions are bounded to less. */
const lateMs = 10_000

/** So many ids are waited for at the most; ids that were given out for nothing, such as by a rollback, are among them. */
const maxMissing = 1_000

interface Position {
  readonly highest: number
  /** Ids below the highest that have not been seen, with the instant from which they are waited for. */
  readonly missing: ReadonlyMap<number, number>
}

/** Reads the new events of the audit, each once, for as long as there are subscribers. */
export function createAuditTail(
  audit: Pick<AuditLog, 'newestIds' | 'tail'>,
  clock: Pick<TimeSource, 'monotonicMs'>,
) {
  let position: Position | undefined
  let beginning: Promise<void> | undefined

  const findEnd = async () => {
    const tickMs = clock.monotonicMs()
    const ids = await audit.newestIds(maxMissing)
    position = advance({ highest: (ids[0] ?? 1) - 1, missing: new Map() }, ids, tickMs)
  }

  return {
    /** Starts here: what is written from now on will be read. Resolves at once when it has begun before. */
    begin(): Promise<void> {
      beginning ??= findEnd().catch(error => {
        beginning = undefined
        throw error
      })
      return beginning
    },
    /** The events since then, the oldest first, but for what became visible late; and whether there is more of it. */
    async read(): Promise<{ readonly events: readonly AuditEvent[]; readonly isMore: boolean }> {
      const from = position
      if (from === undefined) return nothing
      const tickMs = clock.monotonicMs()
      const events = await audit.tail(from.highest, [...from.missing.keys()], maxAtOnce)
      // Meanwhile the last subscriber left, or the tail began anew.
      if (position !== from) return nothing
      position = advance(
        from,
        events.map(event => event.id),
        tickMs,
      )
      return { events, isMore: events.length >= maxAtOnce }
    },
    /** Forgets the position: there are no subscribers any more. */
    rest(): void {
      position = undefined
      beginning = undefined
    },
  }
}

const nothing = { events: [], isMore: false }

/** The position after these ids, which are in their order, have been seen. */
function advance({ highest, missing }: Position, ids: readonly number[], tickMs: number): Position {
  const waitedFor = new Map([...missing].filter(([, sinceMs]) => tickMs - sinceMs <= lateMs))
  let last = highest
  for (const id of ids) {
    waitedFor.delete(id)
    for (let gap = Math.max(last + 1, id - maxMissing); gap < id; gap++) waitedFor.set(gap, tickMs)
    last = Math.max(last, id)
  }
  return { highest: last, missing: new Map([...waitedFor].slice(-maxMissing)) }
}
