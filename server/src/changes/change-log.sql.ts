import type { Change } from '@propusk/gate'
import { sql } from 'kysely'
import type { EpochMs } from '../kernel/index.ts'
import { type Handle, hotQuery } from '../store/index.ts'
import type { ChangeFeed, ChangeLog, NewChange } from './change-log.ts'

/** Rows of one INSERT; keeps the number of bound values far below both engines' limits. */
const rowsPerInsert = 500

interface Options {
  lifeMs: number
  /** Told of each change with its id, so that this node's gate hears of it right after the commit. */
  onAppend: (change: Change) => void
  /** Wakes the followers of other nodes when the transaction commits. */
  wake: () => Promise<void>
}

/** One change of one cause, as nearly all are. */
const addOne = hotQuery(
  (
    db,
    kind: Change['kind'],
    session_uuid: string | null,
    user_id: number | null,
    details: string,
    created_at: EpochMs,
    expires_at: EpochMs,
  ) =>
    db
      .insertInto('changes')
      .values({ kind, session_uuid, user_id, details, created_at, expires_at })
      .returning('id'),
)

const livingChanges = (db: Handle, nowMs: EpochMs, sinceMs: EpochMs) =>
  db
    .selectFrom('changes')
    .select(['id', 'details', 'created_at', 'expires_at'])
    // Says nothing new, but the index knows it: the rows that nobody needs any more are not looked at.
    .where('expires_at', '>', sinceMs)
    .where(eb => eb.or([eb('expires_at', '>', nowMs), eb('created_at', '>', sinceMs)]))
    // A sum, so that neither engine walks the whole table by its key to save itself the sorting.
    .orderBy(sql`id + 0`)

/** What every follower asks several times a second. */
const allChanges = hotQuery(livingChanges)
const changesAfter = hotQuery((db, id: number, nowMs: EpochMs, sinceMs: EpochMs) =>
  livingChanges(db, nowMs, sinceMs).where('id', '>', id),
)

export const sqlChangeLog = (db: Handle, { lifeMs, onAppend, wake }: Options): ChangeLog => {
  const insert = (rows: readonly ChangeRow[]) => {
    const [row] = rows
    if (rows.length > 1 || row === undefined)
      return db.insertInto('changes').values(rows).returning('id').execute()
    const { kind, session_uuid, user_id, details, created_at, expires_at } = row
    return addOne(db, kind, session_uuid, user_id, details, created_at, expires_at)
  }

  const appendSome = async (changes: readonly NewChange[], nowMs: EpochMs) => {
    const expiresAtMs = nowMs + lifeMs
    const rows = await insert(changes.map(change => toRow(change, nowMs, expiresAtMs)))
    // Both engines give RETURNING rows in the order of VALUES; the ids are sorted so that nothing rests on it
    // but "one id per change", which is all that idempotent application needs.
    const ids = rows.map(row => row.id).sort((a, b) => a - b)
    for (const [index, change] of changes.entries())
      onAppend({ ...change, id: ids[index]!, expiresAtMs } as Change)
  }

  const appendAll: ChangeLog['appendAll'] = async (changes, nowMs) => {
    if (changes.length === 0) return
    const slices = Array.from({ length: Math.ceil(changes.length / rowsPerInsert) }, (_, index) =>
      changes.slice(index * rowsPerInsert, (index + 1) * rowsPerInsert),
    )
    await Promise.all([...slices.map(slice => appendSome(slice, nowMs)), wake()])
  }
  return { appendAll, append: (change, nowMs) => appendAll([change], nowMs) }
}

/**
 * INVARIANT: a change is remembered for as long as the tokens of the node that reads it live, and not only for as
 * long as the one that wrote it thought: the command line may run without the server's PROPUSK_ACCESS_TTL.
 */
export const sqlChangeFeed = (db: Handle, lifeMs: number): ChangeFeed => ({
  async readAfter(id, nowMs) {
    const sinceMs = nowMs - lifeMs
    const rows = await (id > 0 ? changesAfter(db, id, nowMs, sinceMs) : allChanges(db, nowMs, sinceMs))
    return rows.map(row => ({
      ...(JSON.parse(row.details) as NewChange),
      id: row.id,
      expiresAtMs: Math.max(row.expires_at, row.created_at + lifeMs),
    })) as readonly Change[]
  },
  async deleteExpired(nowMs) {
    const result = await db
      .deleteFrom('changes')
      .where('expires_at', '<=', nowMs)
      .where('created_at', '<=', nowMs - lifeMs)
      .executeTakeFirst()
    return Number(result.numDeletedRows)
  },
})

type ChangeRow = ReturnType<typeof toRow>

const toRow = (change: NewChange, nowMs: number, expiresAtMs: number) => ({
  kind: change.kind,
  session_uuid: 'sessionUuid' in change ? change.sessionUuid : null,
  user_id: 'userId' in change ? change.userId : null,
  details: JSON.stringify(change),
  created_at: nowMs,
  expires_at: expiresAtMs,
})
