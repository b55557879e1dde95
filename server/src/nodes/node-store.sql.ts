import { type Selectable, sql } from 'kysely'
import type { EpochMs } from '../kernel/index.ts'
import { engineOf, type Handle, type NodesTable } from '../store/index.ts'

/** A running server process, as it wrote itself to the database. */
export interface Node {
  /** Made anew with each start. */
  readonly id: string
  readonly startedAtMs: EpochMs
  readonly seenAtMs: EpochMs
  readonly version: string
  /** The name of its machine, for people; null when it has none. */
  readonly host: string | null
}

/** A node beats every minute: one that has missed two beats is gone, or cannot reach the database. */
const staleAfterMs = 150_000

export const isAlive = (node: Node, nowMs: EpochMs): boolean => nowMs - node.seenAtMs < staleAfterMs

export type NodeStore = ReturnType<typeof nodeStore>

export const nodeStore = (db: Handle) => ({
  /** Writes that this node runs, and since when, for the first time or again. */
  async record(node: Node): Promise<void> {
    await db
      .insertInto('nodes')
      .values({
        id: node.id,
        started_at: node.startedAtMs,
        seen_at: node.seenAtMs,
        version: node.version,
        host: node.host,
      })
      .onConflict(conflict => conflict.column('id').doUpdateSet({ seen_at: node.seenAtMs }))
      .execute()
  },

  async remove(id: string): Promise<void> {
    await db.deleteFrom('nodes').where('id', '=', id).execute()
  },

  /** Those that were seen last come first. */
  async list(limit: number): Promise<readonly Node[]> {
    const rows = await db
      .selectFrom('nodes')
      .selectAll()
      .orderBy('seen_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .execute()
    return rows.map(toNode)
  },

  /** The clock of a PostgreSQL, which all nodes share; undefined for SQLite, which has none of its own. */
  async databaseNowMs(): Promise<EpochMs | undefined> {
    if (engineOf(db) === 'sqlite') return undefined
    const { rows } = await sql<{ now: number }>`
      select extract(epoch from clock_timestamp())::float8 * 1000 as now`.execute(db)
    return rows[0]!.now
  },

  /** Gives the number removed. */
  async deleteUnseenSince(atMs: EpochMs): Promise<number> {
    const { numDeletedRows } = await db.deleteFrom('nodes').where('seen_at', '<', atMs).executeTakeFirst()
    return Number(numDeletedRows)
  },
})

const toNode = (row: Selectable<NodesTable>): Node => ({
  id: row.id,
  startedAtMs: row.started_at,
  seenAtMs: row.seen_at,
  version: row.version,
  host: row.host,
})
