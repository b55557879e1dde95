import { AsyncLocalStorage } from 'node:async_hooks'
import type { PostgresPool } from 'kysely'
import pg from 'pg'
import { Rejection } from '../../kernel/index.ts'
import type { PoolLoad, StoreNotice } from '../database.ts'
import type { Executor } from '../prepared-query.ts'
import { connectToAny, type Hosts } from './hosts.ts'
import { Lease } from './lease.ts'

/** Lets the caller that started a piece of work take back the connection that it holds. */
export class Leash {
  lease: Lease | undefined

  cut(reason: Error): void {
    this.lease?.cut(reason)
  }
}

const leashes = new AsyncLocalStorage<Leash>()

/** The first connection taken inside `work` hangs on `leash`. */
export const onLeash = <T>(leash: Leash, work: () => Promise<T>): Promise<T> => leashes.run(leash, work)

/** A `pg` pool as Kysely wants it, in which a lost server is `unavailable` and never the end of the process. */
export class GuardedPool implements PostgresPool {
  readonly #pool: pg.Pool
  readonly #hosts: Hosts
  #ending: Promise<void> | undefined

  constructor(config: pg.PoolConfig, hosts: Hosts, log: (notice: StoreNotice) => void) {
    this.#pool = new pg.Pool(config)
    this.#hosts = hosts
    // An `error` event without a listener ends the process. The pool itself replaces the connection.
    this.#pool.on('error', error =>
      log({ level: 'warn', message: 'An idle PostgreSQL connection was lost', error }),
    )
    this.#pool.on('connect', client => client.on('error', () => {}))
  }

  readonly executor: Executor = {
    engine: 'postgres',
    run: async (query, parameters) => {
      const lease = await this.connect()
      try {
        return await lease.executor.run(query, parameters)
      } finally {
        lease.release()
      }
    },
  }

  /** Whether a connection pooler stands between. */
  async isPooled(): Promise<boolean> {
    const lease = await this.connect()
    lease.release()
    return lease.isPooled
  }

  get load(): PoolLoad {
    const { totalCount, idleCount, waitingCount } = this.#pool
    return { inUse: totalCount - idleCount, idle: idleCount, waiting: waitingCount }
  }

  get options(): object {
    return this.#pool.options
  }

  async connect(): Promise<Lease> {
    const leash = leashes.getStore()
    let client: pg.PoolClient
    try {
      client = await connectToAny(this.#pool, this.#hosts)
    } catch (error) {
      throw new Rejection('unavailable', { cause: error })
    }
    const lease = new Lease(client)
    if (leash !== undefined) leash.lease ??= lease
    return lease
  }

  end(): Promise<void> {
    this.#ending ??= this.#pool.end()
    return this.#ending
  }
}
