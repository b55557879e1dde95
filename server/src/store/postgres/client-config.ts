import pg from 'pg'
import type { StoreTimeouts } from '../database.ts'
import { parseInteger } from './parse-integer.ts'
import { standbyExplanation } from './postgres-failure.ts'

const int8 = 20

const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === int8 && format !== 'binary'
      ? parseInteger
      : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
}

/** A little later than the server's own limit: only for a server that has gone silent. */
const silenceMs = 1_000

/** What every connection of ours has in common. `url` may add to it, such as `?sslmode=verify-full`. */
export const clientConfig = (url: string, connectMs: number): pg.ClientConfig => ({
  connectionString: url,
  application_name: 'propusk',
  connectionTimeoutMillis: connectMs,
  keepAlive: true,
  // Statements that do not wait for each other travel together: a BEGIN with the first one, above all.
  pipeline: true,
  types,
})

/** `limits` absent: for migrations, which take the time they take. */
export function poolConfig(url: string, connectMs: number, limits?: StoreTimeouts): pg.PoolConfig {
  return {
    ...clientConfig(url, connectMs),
    ...(limits && { query_timeout: limits.statementMs + silenceMs }),
    max: limits ? 10 : 1,
    onConnect: client => setSession(client, limits),
  }
}

/** Set by a query rather than as start-up options, which connection poolers in between refuse. */
async function setSession(client: pg.ClientBase, limits: StoreTimeouts | undefined): Promise<void> {
  const settings: Record<string, string> = {
    TimeZone: 'UTC',
    statement_timeout: String(limits?.statementMs ?? 0),
    idle_in_transaction_session_timeout: String(limits?.transactionMs ?? 0),
    transaction_timeout: String(limits?.transactionMs ?? 0),
  }
  // PostgreSQL 17 brought `transaction_timeout`: a setting that the server does not know is left out.
  const { rows } = await client.query<{ is_standby: boolean }>(
    `select set_config(name, wanted.value, false), pg_is_in_recovery() as is_standby
     from unnest($1::text[], $2::text[]) as wanted (name, value) join pg_settings using (name)`,
    [Object.keys(settings), Object.values(settings)],
  )
  // A standby tells what was, some time ago, and keeps a connection when it is promoted: none is made to it.
  if (rows[0]?.is_standby) throw new Error(standbyExplanation)
}
