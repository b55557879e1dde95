import { sql } from 'kysely'
import type { EpochMs, Page, PageRequest, UserId } from '../kernel/index.ts'
import { type Handle, paginate, preparedQuery } from '../store/index.ts'
import type { AuditEvent, AuditFilter, NewAuditEvent } from './audit-event.ts'
import { all, conditionsOf } from './audit-filter.sql.ts'
import { eventColumns, toDeed } from './event-row.sql.ts'
import type { OwnEvent } from './own-event.ts'
import { listOwnEvents } from './own-events.sql.ts'

/** Rows of one INSERT; keeps the number of bound values far below both engines' limits. */
const rowsPerInsert = 500

const orderKeys = { id: sql`e.id`, at: sql`e.at` }

/** On the way of every write; several at once, which are rare, have no one shape. */
const addEvent = preparedQuery((db, row: EventValues) =>
  db.insertInto('audit_events').values({
    at: row.at,
    actor: row.actor,
    action: row.action,
    target: row.target,
    outcome: row.outcome,
    ip_address: row.ip_address,
    user_agent: row.user_agent,
    details: row.details,
  }),
)

/**
 * Append-only: the database itself refuses to change a row, or to delete one that no cut names (ADR 16, ADR 36).
 * `context` gives the details that every event of the present caller has beside its own.
 */
export const auditLog = (db: Handle, context: () => Readonly<Record<string, unknown>> = () => ({})) => ({
  async append(event: NewAuditEvent, nowMs: EpochMs): Promise<void> {
    await addEvent(db, toRow(event, context(), nowMs))
  },

  /** One statement for hundreds of events of one cause: a user may have thousands of sessions to end. */
  async appendAll(events: readonly NewAuditEvent[], nowMs: EpochMs): Promise<void> {
    for (let start = 0; start < events.length; start += rowsPerInsert) {
      const rows = events.slice(start, start + rowsPerInsert).map(event => toRow(event, context(), nowMs))
      await db.insertInto('audit_events').values(rows).execute()
    }
  },

  /** Newest first unless asked otherwise. */
  async list(filter: AuditFilter, page: PageRequest<'id' | 'at'>): Promise<Page<AuditEvent>> {
    const conditions = await conditionsOf(db, filter)
    const query = selectEvents(db).$if(conditions.length > 0, q => q.where(all(conditions)))
    const { rows, ...rest } = await paginate(
      query,
      { value: orderKeys[page.ordering.column], id: orderKeys.id },
      page,
    )
    return { ...rest, rows: rows.map(toEvent) }
  },

  /** What happened to the account of this user, as its owner may read it: newest first unless asked otherwise. */
  listOwn: (userId: UserId, page: PageRequest<'id' | 'at'>): Promise<Page<OwnEvent>> =>
    listOwnEvents(db, userId, page),

  async findById(id: number): Promise<AuditEvent | undefined> {
    const row = await selectEvents(db).where('e.id', '=', id).executeTakeFirst()
    return row && toEvent(row)
  },

  /** The events with an id above `after`, at most `most` of them, and those of `also` that are there; by id. */
  async tail(after: number, also: readonly number[], most: number): Promise<readonly AuditEvent[]> {
    const late = also.length === 0 ? [] : await selectEvents(db).where('e.id', 'in', also).execute()
    const fresh = await selectEvents(db).where('e.id', '>', after).orderBy('e.id').limit(most).execute()
    return [...late.toSorted((a, b) => a.id - b.id), ...fresh].map(toEvent)
  },

  /** The ids of the newest events, the lowest first. */
  async newestIds(most: number): Promise<readonly number[]> {
    const rows = await db.selectFrom('audit_events').select('id').orderBy('id', 'desc').limit(most).execute()
    return rows.map(row => row.id).reverse()
  },
})

export type AuditLog = ReturnType<typeof auditLog>

const selectEvents = (db: Handle) =>
  db
    .selectFrom('audit_events as e')
    .leftJoin('users as u', 'u.id', 'e.actor')
    .select(eventColumns)
    .select('u.email')

type EventRow = Awaited<ReturnType<ReturnType<typeof selectEvents>['execute']>>[number]

const toEvent = (row: EventRow): AuditEvent => ({
  ...toDeed(row),
  actor: row.actor === null ? null : { id: row.actor as UserId, email: row.email! },
})

const toRow = (event: NewAuditEvent, context: Readonly<Record<string, unknown>>, nowMs: EpochMs) => ({
  at: nowMs,
  actor: event.actorId,
  action: event.action,
  target: event.target,
  outcome: event.outcome ?? 'success',
  ip_address: event.origin?.ipAddress ?? null,
  user_agent: event.origin?.userAgent ?? null,
  details: JSON.stringify({ ...event.details, ...context }),
})

type EventValues = ReturnType<typeof toRow>
