import { sql } from 'kysely'
import type { EpochMs } from '../kernel/index.ts'
import type { Handle } from '../store/index.ts'

/** How often one action stands in the audit of one hour. */
export interface HourCount {
  /** When the hour began. */
  readonly hourAtMs: EpochMs
  readonly action: string
  readonly count: number
}

/** Events whose id is above `fromId` and not above `throughId` are counted, each once; the others are not. */
export interface CountedRange {
  readonly fromId: number
  readonly throughId: number
}

/** A few events, counted; undefined ids where there was none. */
interface CountedPage {
  readonly counts: readonly HourCount[]
  readonly events: number
  readonly leastId: number | undefined
  readonly greatestId: number | undefined
}

export interface IdRange {
  /** Not in it. */
  readonly afterId: number
  /** In it; no bound unless given. */
  readonly throughId?: number
}

const name = 'hours'

/**
 * The hour of an event: whole steps of `hourMs`. Null for a time beyond the range of a date (ECMA-262, section
 * 21.4.1.1): such a value was written directly into the database, belongs to no hour, and must not stop the count. The
 * numbers stand in the text, because PostgreSQL groups by an expression only where it is the very same one, which two
 * parameters are not.
 */
const hourAt = sql<
  number | null
>`case when e.at between 0 and 8640000000000000 then e.at - e.at % 3600000 end`

export type HourCountStore = ReturnType<typeof hourCountStore>

/**
 * Counts of the audit by hour and action. They follow the ids, not the clock: an event is counted in the hour that it
 * names, whenever it is committed and whatever any clock says by then.
 */
export const hourCountStore = (db: Handle) => ({
  /** Undefined before anything was counted. */
  async countedRange(): Promise<CountedRange | undefined> {
    const row = await db
      .selectFrom('audit_tallies')
      .select(['from_id', 'through_id'])
      .where('name', '=', name)
      .executeTakeFirst()
    return row && toCountedRange(row)
  },

  /** The counted range and the hours that begin at or after `sinceMs`, as they stood at one instant. */
  async read(
    sinceMs: EpochMs,
    actions: readonly string[],
  ): Promise<{ counted: CountedRange | undefined; hours: readonly HourCount[] }> {
    // One statement: a round that counts on between two would be missed, or counted twice.
    const rows = await db
      .selectFrom('audit_tallies as t')
      .leftJoin('audit_hours as h', join => join.on('h.hour_at', '>=', sinceMs).on('h.action', 'in', actions))
      .select(['t.from_id', 't.through_id', 'h.hour_at', 'h.action', 'h.count'])
      .where('t.name', '=', name)
      .execute()
    return {
      counted: rows[0] && toCountedRange(rows[0]),
      hours: rows.flatMap(({ hour_at, action, count }) =>
        hour_at === null || action === null || count === null ? [] : [{ hourAtMs: hour_at, action, count }],
      ),
    }
  },

  /** Counts so many events of the range, those with the least ids or those with the greatest. */
  async countEvents(
    { afterId, throughId }: IdRange,
    from: 'oldest' | 'newest',
    limit: number,
  ): Promise<CountedPage> {
    const page = db
      .selectFrom('audit_events')
      .select(['id', 'at', 'action'])
      .where('id', '>', afterId)
      .$if(throughId !== undefined, q => q.where('id', '<=', throughId!))
      .orderBy('id', from === 'oldest' ? 'asc' : 'desc')
      .limit(limit)
    const rows = await db
      .selectFrom(page.as('e'))
      .select(({ fn }) => [
        hourAt.as('hour_at'),
        'e.action',
        fn.countAll<number>().as('count'),
        fn.min('e.id').as('least'),
        fn.max('e.id').as('greatest'),
      ])
      .groupBy(sql`1`)
      .groupBy('e.action')
      .execute()
    return {
      counts: rows.flatMap(({ hour_at, action, count }) =>
        hour_at === null ? [] : [{ hourAtMs: hour_at, action, count }],
      ),
      events: rows.reduce((sum, { count }) => sum + count, 0),
      leastId: rows.length === 0 ? undefined : Math.min(...rows.map(row => row.least)),
      greatestId: rows.length === 0 ? undefined : Math.max(...rows.map(row => row.greatest)),
    }
  },

  /** Sets the first range, with nothing counted; does nothing when there is one. */
  async begin(id: number): Promise<void> {
    await db
      .insertInto('audit_tallies')
      .values({ name, from_id: id, through_id: id })
      .onConflict(conflict => conflict.doNothing())
      .execute()
  },

  /** Moves the range and adds what lies between. False, and nothing added, when the range is not `from` any more. */
  async add(counts: readonly HourCount[], from: CountedRange, to: CountedRange): Promise<boolean> {
    const moved = await db
      .updateTable('audit_tallies')
      .set({ from_id: to.fromId, through_id: to.throughId })
      .where('name', '=', name)
      .where('from_id', '=', from.fromId)
      .where('through_id', '=', from.throughId)
      .returning('name')
      .executeTakeFirst()
    if (moved === undefined) return false
    if (counts.length > 0) await addHours(db, counts)
    return true
  },
})

/** Few rows: twenty thousand events are of some hours and some dozen actions. */
async function addHours(db: Handle, counts: readonly HourCount[]): Promise<void> {
  for (let start = 0; start < counts.length; start += rowsPerInsert) {
    await db
      .insertInto('audit_hours')
      .values(
        counts
          .slice(start, start + rowsPerInsert)
          .map(({ hourAtMs, action, count }) => ({ hour_at: hourAtMs, action, count })),
      )
      .onConflict(conflict =>
        conflict
          .columns(['hour_at', 'action'])
          .doUpdateSet({ count: sql<number>`audit_hours.count + excluded.count` }),
      )
      .execute()
  }
}

/** Keeps the number of bound values far below both engines' limits. */
const rowsPerInsert = 500

const toCountedRange = (row: { readonly from_id: number; readonly through_id: number }): CountedRange => ({
  fromId: row.from_id,
  throughId: row.through_id,
})
