import pg from 'pg'
import type { StoreTimeouts } from '../database.ts'
import { prepareConnection } from './connection-mode.ts'
import { HostClient, type Hosts } from './hosts.ts'
import { parseInteger } from './parse-integer.ts'

const int8 = 20

const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === int8 && format !== 'binary'
      ? parseInteger
      : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
}

/** A little later than the server's own limit: only for a server that has gone silent. */
const silenceMs = 1_000

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
    ...(limits && { query_timeout: limits.statementMs + silenceMs }),
    max: limits ? 10 : 1,
    onConnect: async client => {
      await prepareConnection(client, { limits, mustWrite: hosts.mustWrite }).catch(error => {
        ;(client as unknown as HostClient).blame(error)
        throw error
      })
    },
  }
}
