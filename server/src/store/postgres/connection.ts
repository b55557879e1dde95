import pg from 'pg'
import type { StoreTimeouts } from '../database.ts'
import { HostClient, type Hosts } from './hosts.ts'
import { readOnlyExplanation, standbyExplanation } from './postgres-failure.ts'

const int8 = 20

const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === int8 && format !== 'binary'
      ? parseInteger
      : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
}

/** A little later than the server's own limit: only for a server that has gone silent. */
const graceMs = 1_000

/** What every connection of ours has in common. The address of the host adds to it, such as `?sslmode=verify-full`. */
export const clientConfig = (connectMs: number): pg.ClientConfig => ({
  application_name: 'propusk',
  connectionTimeoutMillis: connectMs,
  keepAlive: true,
  // Statements that do not wait for each other travel together: a BEGIN with the first one, above all.
  pipeline: true,
  types,
})

/** `limits` absent: for migrations, which take the time they take. */
export function poolConfig(hosts: Hosts, connectMs: number, limits?: StoreTimeouts): pg.PoolConfig {
  class Client extends HostClient {
    constructor(config: pg.ClientConfig) {
      super(config, hosts)
    }
  }
  return {
    ...clientConfig(connectMs),
    Client: Client as unknown as new () => pg.ClientBase,
    ...(limits && { query_timeout: limits.statementMs + graceMs }),
    max: limits ? 10 : 1,
    onConnect: async client => {
      await prepareConnection(client, { limits, mustWrite: hosts.mustWrite }).catch(error => {
        ;(client as unknown as HostClient).blame(error)
        throw error
      })
    },
  }
}

/** `bigint` as a number. A value that a number cannot hold is an error, never rounded. */
function parseInteger(text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value)) return value
  throw new RangeError(`The database holds ${text}, which is beyond the integers that a number can hold`)
}

/** How a connection may be used. */
interface ConnectionMode {
  /**
   * A connection pooler stands between, which may give each transaction another session of the server. Nothing may be
   * kept in a session then: no settings, no prepared statements, no LISTEN (ADR 34).
   */
  readonly isPooled: boolean
  /** What begins a transaction within its limits. */
  readonly begin: string
}

const ofItsOwn: ConnectionMode = { isPooled: false, begin: 'begin' }
const modes = new WeakMap<pg.ClientBase, ConnectionMode>()

/** As `prepareConnection` has found it. */
export const modeOf = (client: pg.ClientBase): ConnectionMode => modes.get(client) ?? ofItsOwn

/**
 * The process that the server named when the connection was made. A pooler names one of its own making, so that one
 * client cannot cancel the statements of another; what only passes bytes on, such as HAProxy, does not.
 */
export const processIdOf = (client: pg.ClientBase): number | null =>
  (client as pg.ClientBase & { readonly processID: number | null }).processID

interface Wanted {
  /** Absent: for migrations, which take the time they take. */
  readonly limits: StoreTimeouts | undefined
  /** Refuses a server that only reads, whatever it is. */
  readonly mustWrite: boolean
}

/** Gives a new connection its limits: for its whole session, or in each transaction behind a pooler. */
async function prepareConnection(client: pg.ClientBase, { limits, mustWrite }: Wanted): Promise<void> {
  const settings: Record<string, string> = {
    TimeZone: 'UTC',
    statement_timeout: String(limits?.statementMs ?? 0),
    idle_in_transaction_session_timeout: String(limits?.transactionMs ?? 0),
    transaction_timeout: String(limits?.transactionMs ?? 0),
  }
  // By a query rather than as start-up options, which poolers refuse. Behind one it sets nothing beyond itself: the
  // session belongs to others, too. PostgreSQL 17 brought `transaction_timeout`: an unknown setting is left out.
  const { rows } = await client.query<{
    name: string
    isPooled: boolean
    isStandby: boolean
    onlyReads: boolean
  }>(
    `select name, pooled as "isPooled", pg_is_in_recovery() as "isStandby",
       current_setting('transaction_read_only') = 'on' as "onlyReads", set_config(name, wanted.value, pooled)
     from unnest($1::text[], $2::text[]) as wanted (name, value) join pg_settings using (name),
       (select pg_backend_pid() is distinct from $3::int as pooled) as session`,
    [Object.keys(settings), Object.values(settings), processIdOf(client)],
  )
  // A standby answers with data of some time ago, and keeps a connection when it is promoted: none is made to it.
  if (rows[0]?.isStandby) throw new Error(standbyExplanation)
  if (mustWrite && rows[0]?.onlyReads) throw new Error(readOnlyExplanation)
  if (!rows[0]?.isPooled) return
  const set = rows.map(({ name }) => `set local ${name} = '${settings[name]}'`)
  modes.set(client, { isPooled: true, begin: ['begin', ...set].join('; ') })
}
