import { sql } from 'kysely'
import type { Handle } from '../store/index.ts'
import type { HourCount, TallyMark, TallyStore } from './tally-store.ts'

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

export const sqlTallyStore = (db: Handle): TallyStore => ({
  async mark() {
    const row = await db
      .selectFrom('audit_tallies')
      .select(['from_id', 'through_id'])
      .where('name', '=', name)
      .executeTakeFirst()
    return row && toMark(row)
  },

  async read(sinceMs, actions) {
    // One statement: a round that counts on between two would be missed, or counted twice.
    const rows = await db
      .selectFrom('audit_tallies as t')
      .leftJoin('audit_hours as h', join => join.on('h.hour_at', '>=', sinceMs).on('h.action', 'in', actions))
      .select(['t.from_id', 't.through_id', 'h.hour_at', 'h.action', 'h.count'])
      .where('t.name', '=', name)
      .execute()
    return {
      mark: rows[0] && toMark(rows[0]),
      hours: rows.flatMap(({ hour_at, action, count }) =>
        hour_at === null || action === null || count === null ? [] : [{ hourAtMs: hour_at, action, count }],
      ),
    }
  },

  async countEvents({ afterId, throughId }, from, limit) {
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

  async begin(id) {
    await db
      .insertInto('audit_tallies')
      .values({ name, from_id: id, through_id: id })
      .onConflict(conflict => conflict.doNothing())
      .execute()
  },

  async add(counts, from, to) {
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

/** Few rows: twenty thousand events are of some hours and some dozen acts. */
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

const toMark = (row: { readonly from_id: number; readonly through_id: number }): TallyMark => ({
  fromId: row.from_id,
  throughId: row.through_id,
})
