import { type RawBuilder, sql } from 'kysely'
import type { EpochMs, Page, PageRequest, UserId } from '../kernel/index.ts'
import { engineOf, type Handle, hideFromIndex, pageOf, paginate, readsDescending } from '../store/index.ts'
import { auditActions, userTarget } from './audit-event.ts'
import { eventColumns, toDeed } from './event-row.sql.ts'
import { type OwnEvent, toOwnEvent } from './own-event.ts'

type OwnEventPage = PageRequest<'id' | 'at'>

const concernsAccount =
  /^(?:user|session|token|factor|api_key|device)\.|^(?:invitation\.accept|data\.export)$/

/** What concerns the security of an account. */
const ownActions: readonly string[] = auditActions.filter(action => concernsAccount.test(action))

const keys = { at: sql<EpochMs>`e.at`, id: sql<number>`e.id` }

/**
 * What happened to one account: what was done to it, by any caller, what its owner did to anything but an account, and what others did to
 * its sessions. No two of them have an event in common. Each is read in the order of its own index, a page of each, and put together.
 */
export async function listOwnEvents(db: Handle, userId: UserId, page: OwnEventPage): Promise<Page<OwnEvent>> {
  const value = keys[page.ordering.column]
  const wider = { ...page, limit: page.limit + 1 }
  const parts = ownEventQueries(db, userId).map(query => paginate(query, { value, id: keys.id }, wider))
  const found = (await Promise.all(parts)).flatMap(({ rows }) => rows)
  const { rows, ...rest } = pageOf(inOrder(found, page).slice(0, page.limit + 1), page)
  return { ...rest, rows: rows.map(row => toOwnEvent(toSeenEvent(row), userId)) }
}

/** What was done to the account, what its owner did elsewhere, and what others did to sessions of the account. */
export const ownEventQueries = (db: Handle, userId: UserId) =>
  [sql<boolean>`e.target = ${userTarget(userId)}`, doneBy(userId), doneToSessionsOf(db, userId)].map(
    condition => selectEvents(db).where(condition),
  )

/** By the owner, to a thing of their own: an administrator ends sessions of others, which are theirs. */
const doneBy = (userId: UserId): RawBuilder<boolean> => sql<boolean>`e.actor = ${userId}
  and (e.target is null or e.target not like 'users/%')
  and (e.target is null or e.target not like 'sessions/%'
    or e.details like ${`%"user_id":${userId},%`} or e.details like ${`%"user_id":${userId}}%`})`

/** By an administrator, or by who showed a token that had been used. By the index of migration 0032. */
const doneToSessionsOf = (db: Handle, userId: UserId): RawBuilder<boolean> => {
  const isOwners =
    engineOf(db) === 'sqlite'
      ? sql`json_extract(e.details, '$.user_id') = ${userId}`
      : sql`substring(e.details from '"user_id":([0-9]+)') = ${String(userId)}`
  return sql<boolean>`${isOwners} and e.target like 'sessions/%' and (e.actor is null or e.actor <> ${userId})`
}

const selectEvents = (db: Handle) =>
  db
    .selectFrom('audit_events as e')
    .select(eventColumns)
    // The account narrows it more than the act does.
    .where(sql<boolean>`${hideFromIndex(sql`e.action`)} in (${sql.join(ownActions)})`)
    .where(sql<boolean>`e.action <> 'session.end_everybody'`)

type EventRow = Awaited<ReturnType<ReturnType<typeof selectEvents>['execute']>>[number]

/** In the direction in which the page is read. */
function inOrder(rows: readonly EventRow[], page: OwnEventPage): readonly EventRow[] {
  const sign = readsDescending(page) ? -1 : 1
  const { column } = page.ordering
  return rows.toSorted((a, b) => sign * (a[column] - b[column] || a.id - b.id))
}

const toSeenEvent = (row: EventRow) => ({
  ...toDeed(row),
  actor: row.actor === null ? null : { id: row.actor as UserId },
})
