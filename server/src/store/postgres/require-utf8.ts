import { sql } from 'kysely'
import type { Handle } from '../database.ts'

/** Throws a plain Error for a database of another encoding, which would take some names of people and refuse others. */
export async function requireUtf8(db: Handle): Promise<void> {
  const query = sql<{ encoding: string }>`select current_setting('server_encoding') as encoding`
  const encoding = (await query.execute(db)).rows[0]?.encoding
  if (encoding === 'UTF8') return
  throw new Error(
    `The PostgreSQL database is encoded in ${encoding}, which cannot hold every text: Propusk needs UTF8. Make a database with: createdb --encoding=UTF8 --template=template0 --locale=C.UTF-8 NAME`,
  )
}
