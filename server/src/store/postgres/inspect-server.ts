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

/** Throws a plain Error for a database of another encoding, which would take some names of people and refuse others. */
export async function requireUtf8(db: Handle): Promise<void> {
  const query = sql<{ encoding: string }>`select current_setting('server_encoding') as encoding`
  const encoding = (await query.execute(db)).rows[0]?.encoding
  if (encoding === 'UTF8') return
  throw new Error(
    `The PostgreSQL database is encoded in ${encoding}, which cannot hold every text: Propusk needs UTF8. Make a database with: createdb --encoding=UTF8 --template=template0 --locale=C.UTF-8 NAME`,
  )
}
