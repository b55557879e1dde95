import { createHash } from 'node:crypto'
import type { World } from './world.ts'

/** Every table that a refused request must leave alone; the audit may well note that it was refused. */
const tables = [
  ...(['users', 'sessions', 'refresh_tokens', 'roles', 'resources', 'actions', 'permissions'] as const),
  ...(['role_permissions', 'user_roles', 'changes', 'signing_keys'] as const),
]

/** One text for everything that the database holds: two are equal when nothing has changed. */
export async function fingerprint({ core }: World): Promise<string> {
  const hash = createHash('sha256')
  for (const table of tables) {
    const rows = await core.database.read.selectFrom(table).selectAll().execute()
    const texts = rows.map(row => JSON.stringify(Object.entries(row).sort())).sort()
    hash.update(`${table}\n${texts.join('\n')}\n`)
  }
  return hash.digest('hex')
}
