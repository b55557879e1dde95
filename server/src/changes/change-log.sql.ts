import type { Change } from '@propusk/gate'
import { sql } from 'kysely'
import type { Handle } from '../store/index.ts'
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

export const sqlChangeLog = (db: Handle, { lifeMs, onAppend, wake }: Options): ChangeLog => {
  const appendAll: ChangeLog['appendAll'] = async (changes, nowMs) => {
    if (changes.length === 0) return
    const expiresAtMs = nowMs + lifeMs
    for (let start = 0; start < changes.length; start += rowsPerInsert) {
      const slice = changes.slice(start, start + rowsPerInsert)
      const rows = await db
        .insertInto('changes')
        .values(slice.map(change => toRow(change, nowMs, expiresAtMs)))
        .returning('id')
        .execute()
      // Both engines give RETURNING rows in the order of VALUES; the ids are sorted so that nothing rests on it
      // but "one id per change", which is all that idempotent application needs.
      const ids = rows.map(row => row.id).sort((a, b) => a - b)
      for (const [index, change] of slice.entries())
        onAppend({ ...change, id: ids[index]!, expiresAtMs } as Change)
    }
    await wake()
  }
  return { appendAll, append: (change, nowMs) => appendAll([change], nowMs) }
}

/**
 * INVARIANT: a change is remembered for as long as the tokens of the node that reads it live, and not only for as
 * long as the one that wrote it thought: the command line may run without the server's PROPUSK_ACCESS_TTL.
 */
export const sqlChangeFeed = (db: Handle, lifeMs: number): ChangeFeed => ({
  async readAfter(id, nowMs) {
    const rows = await db
      .selectFrom('changes')
      .select(['id', 'details', 'created_at', 'expires_at'])
      .$if(id > 0, q => q.where('id', '>', id))
      // Says nothing new, but the index knows it: the rows that nobody needs any more are not looked at.
      .where('expires_at', '>', nowMs - lifeMs)
      .where(eb => eb.or([eb('expires_at', '>', nowMs), eb('created_at', '>', nowMs - lifeMs)]))
      // A sum, so that neither engine walks the whole table by its key to save itself the sorting.
      .orderBy(sql`id + 0`)
      .execute()
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

const toRow = (change: NewChange, nowMs: number, expiresAtMs: number) => ({
  kind: change.kind,
  session_uuid: 'sessionUuid' in change ? change.sessionUuid : null,
  user_id: 'userId' in change ? change.userId : null,
  details: JSON.stringify(change),
  created_at: nowMs,
  expires_at: expiresAtMs,
})
