import { sql } from 'kysely'
import type { Handle } from '../database.ts'

/** `local` is left out: it waits for the disk of the primary, which is what an asynchronous standby gives as well. */
const lossy = sql<{ name: string }>`
  select name from pg_settings
  where setting = 'off' and name in ('synchronous_commit', 'fsync', 'full_page_writes')
  order by name`

/** What an operator should know of a server that answers before a write is safe; undefined where it waits. */
export async function lossyWrites(db: Handle): Promise<string | undefined> {
  const { rows } = await lossy.execute(db)
  if (rows.length === 0) return undefined
  const names = rows.map(({ name }) => name).join(', ')
  return `PostgreSQL runs with ${names} = off: a crash can take back what was answered, such as a logout or a right that was taken away. Set it to on.`
}
