import type { Change } from '@propusk/gate'
import { sql } from 'kysely'
import { type EpochMs, rowsPerSweep } from '../kernel/index.ts'
import { type Handle, preparedQuery } from '../store/index.ts'
import type { ChangeLog, LedgerEntry, NewChange } from './change-log.ts'
import { type StoredChange, toChange, toStored } from './ledger-row.ts'

/** Rows of one INSERT; keeps the number of bound values far below both engines' limits. */
const rowsPerInsert = 500

interface Options {
  lifeMs: number
  /** Told of each change, so that this node's gate hears of it right after the commit. */
  onAppend: (entry: LedgerEntry) => void
  /** Wakes the followers of other nodes when the transaction commits. */
  wake: () => Promise<void>
}

/** One change of one cause, as nearly all are. */
const addOne = preparedQuery(
  (
    db,
    {
      kind,
      session_uuid,
      user_id,
      details,
      created_at,
      expires_at,
    }: {
      kind: Change['kind']
      session_uuid: string | null
      user_id: number | null
      details: string
      created_at: EpochMs
      expires_at: EpochMs
    },
  ) =>
    db
      .insertInto('changes')
      .values({ kind, session_uuid, user_id, details, created_at, expires_at })
      .returning(['id', 'xact']),
)

export const sqlChangeLog = (db: Handle, { lifeMs, onAppend, wake }: Options): ChangeLog => {
  const insert = (rows: readonly ChangeRow[]) => {
    const [row] = rows
    if (rows.length > 1 || row === undefined)
      return db.insertInto('changes').values(rows).returning(['id', 'xact']).execute()
    const { kind, session_uuid, user_id, details, created_at, expires_at } = row
    return addOne(db, { kind, session_uuid, user_id, details, created_at, expires_at })
  }

  const appendSome = async (news: readonly NewChange[], nowMs: EpochMs) => {
    const changes = news.map(toStored)
    const expiresAtMs = nowMs + lifeMs
    const rows = await insert(changes.map(change => toRow(change, nowMs, expiresAtMs)))
    // Both engines give RETURNING rows in the order of VALUES; the ids are sorted so that nothing rests on it
    // but "one id per change", which is all that idempotent application needs.
    const ids = rows.map(row => row.id).sort((a, b) => a - b)
    for (const [index, told] of changes.entries()) {
      const change = toChange(told, { id: ids[index]!, expiresAtMs })
      if (typeof change === 'object') onAppend({ change, xact: rows[0]!.xact })
    }
  }

  const appendAll: ChangeLog['appendAll'] = async (changes, nowMs) => {
    if (changes.length === 0) return
    const slices = Array.from({ length: Math.ceil(changes.length / rowsPerInsert) }, (_, index) =>
      changes.slice(index * rowsPerInsert, (index + 1) * rowsPerInsert),
    )
    await Promise.all([...slices.map(slice => appendSome(slice, nowMs)), wake()])
  }

  return {
    appendAll,
    append: (change, nowMs) => appendAll([change], nowMs),

    async deleteExpired(nowMs) {
      const lives = await db
        .selectFrom('token_lives')
        .select(({ fn }) => fn.max('life_ms').as('longest'))
        .where(sql<boolean>`signed_until + life_ms > ${nowMs}`)
        .executeTakeFirst()
      const keptMs = Math.max(lifeMs, lives?.longest ?? 0)
      const spent = db
        .selectFrom('changes')
        .select('id')
        .where('expires_at', '<=', nowMs)
        .where('created_at', '<=', nowMs - keptMs)
        .limit(rowsPerSweep)
      const result = await db.deleteFrom('changes').where('id', 'in', spent).executeTakeFirst()
      return Number(result.numDeletedRows)
    },

    async noteTokenLife(nowMs) {
      await db
        .insertInto('token_lives')
        .values({ life_ms: lifeMs, signed_until: nowMs })
        .onConflict(conflict =>
          conflict
            .column('life_ms')
            // Forward only: the clock of another node may be ahead.
            .doUpdateSet({ signed_until: nowMs })
            .where('token_lives.signed_until', '<', nowMs),
        )
        .execute()
    },
  }
}

type ChangeRow = ReturnType<typeof toRow>

const toRow = (change: StoredChange, nowMs: number, expiresAtMs: number) => ({
  kind: change.kind,
  session_uuid: 'sessionId' in change ? change.sessionId : null,
  user_id: 'userId' in change ? change.userId : null,
  details: JSON.stringify(change),
  created_at: nowMs,
  expires_at: expiresAtMs,
})
