import type { Selectable } from 'kysely'
import type { Handle, NodesTable } from '../store/index.ts'
import type { Node } from './node.ts'
import type { NodeStore } from './node-store.ts'

export const sqlNodeStore = (db: Handle): NodeStore => ({
  async tell(node) {
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

  async remove(id) {
    await db.deleteFrom('nodes').where('id', '=', id).execute()
  },

  async list(limit) {
    const rows = await db
      .selectFrom('nodes')
      .selectAll()
      .orderBy('seen_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .execute()
    return rows.map(toNode)
  },

  async deleteUnseenSince(atMs) {
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
