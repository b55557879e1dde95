import type { Change } from '@propusk/gate/core'
import { sql } from 'kysely'
import { type EpochMs, rowsPerSweep } from '../kernel/index.ts'
import { type Handle, preparedQuery } from '../store/index.ts'
import { type StoredChange, toChange, toStored } from './ledger.ts'

/** Rows of one INSERT; keeps the number of bound values far below both engines' limits. */
const rowsPerInsert = 500

type WithoutId<C> = C extends Change ? Omit<C, 'id' | 'expiresAtMs'> : never

/** As release 0.1.0 reads it, which runs beside this one during an upgrade and knows roles by their code names only. */
type Renewed =
  | (WithoutId<Extract<Change, { kind: 'user_roles' }>> & { readonly roles: readonly string[] })
  | (Omit<WithoutId<Extract<Change, { kind: 'role_permissions' }>>, 'roleId'> & {
      /** Null: the name alone is given up, by a role that has another from now on. Says nothing to a gate that knows ids. */
      readonly roleId: number | null
    })

/**
 * What happened, before the ledger gives it an id and an end. A change of the catalogue is written in the form of
 * `StoredChange`.
 */
export type NewChange =
  | WithoutId<Exclude<Change, { kind: 'user_roles' } | { kind: 'role_permissions' }>>
  | Renewed

/** A change of this process that is committed. */
export interface LedgerEntry {
  readonly change: Change
  /** The transaction, as PostgreSQL numbers them; null on SQLite. */
  readonly xact: number | null
}

interface Options {
  lifeMs: number
  /** Called with each change, so that this node's gate receives it right after the commit. */
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

export type ChangeLog = ReturnType<typeof sqlChangeLog>

/**
 * The ledger of what every gate must receive (ADR 2). A change is appended in the transaction of its cause, so it is
 * there exactly when the cause is.
 */
export const sqlChangeLog = (db: Handle, { lifeMs, onAppend, wake }: Options) => {
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
    for (const [index, stored] of changes.entries()) {
      const change = toChange(stored, { id: ids[index]!, expiresAtMs })
      if (typeof change === 'object') onAppend({ change, xact: rows[0]!.xact })
    }
  }

  /** One statement for many changes of one cause. */
  const appendAll = async (changes: readonly NewChange[], nowMs: EpochMs): Promise<void> => {
    if (changes.length === 0) return
    const slices = Array.from({ length: Math.ceil(changes.length / rowsPerInsert) }, (_, index) =>
      changes.slice(index * rowsPerInsert, (index + 1) * rowsPerInsert),
    )
    await Promise.all([...slices.map(slice => appendSome(slice, nowMs)), wake()])
  }

  return {
    appendAll,
    append: (change: NewChange, nowMs: EpochMs): Promise<void> => appendAll([change], nowMs),

    /**
     * Removes what no gate needs any more, some thousands of rows at the most; gives their number. INVARIANT: a row is kept
     * for as long as any token lives that was signed under whatever setting, those of `noteTokenLife` included.
     */
    async deleteExpired(nowMs: EpochMs): Promise<number> {
      const lives = await db
        .selectFrom('token_lives')
        .select(({ fn }) => fn.max('life_ms').as('longest'))
        .where(sql<boolean>`signed_until + life_ms > ${nowMs}`)
        .executeTakeFirst()
      const keptMs = Math.max(lifeMs, lives?.longest ?? 0)
      const expired = db
        .selectFrom('changes')
        .select('id')
        .where('expires_at', '<=', nowMs)
        .where('created_at', '<=', nowMs - keptMs)
        .limit(rowsPerSweep)
      const result = await db.deleteFrom('changes').where('id', 'in', expired).executeTakeFirst()
      return Number(result.numDeletedRows)
    },

    /** Notes that this process signs access tokens of this life, and has done so until now. */
    async noteTokenLife(nowMs: EpochMs): Promise<void> {
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
  session_uuid: 'sessionUuid' in change ? change.sessionUuid : null,
  user_id: 'userId' in change ? change.userId : null,
  details: JSON.stringify(change),
  created_at: nowMs,
  expires_at: expiresAtMs,
})

/**
 * How far the clocks of two nodes may differ, twice: that of the node which issued a token, and that of the node which
 * wrote the change. Two minutes either way each, and what a transaction takes.
 */
const clockAllowanceMs = 300_000

/**
 * How long a change must be remembered: the longest life of an access token that it may contradict, and the allowance for
 * the clocks of other nodes.
 */
export const changeLifeMs = (accessTtlSeconds: number): number => accessTtlSeconds * 1000 + clockAllowanceMs
