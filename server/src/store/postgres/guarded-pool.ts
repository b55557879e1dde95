import { AsyncLocalStorage } from 'node:async_hooks'
import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely'
import pg from 'pg'
import { Rejection } from '../../kernel/index.ts'
import type { PoolLoad, StoreNotice } from '../database.ts'
import { checkParameters } from '../guards.ts'
import type { Executor } from '../prepared-query.ts'
import { modeOf } from './connection.ts'
import { connectToAny, type Hosts } from './hosts.ts'
import { isAborted, keepsConnection, postgresFailure } from './postgres-failure.ts'

/** A piece of work with a deadline: at its end the connection that the work has borrowed is taken back. */
export class Borrower {
  connection: BorrowedConnection | undefined

  cut(reason: Error): void {
    this.connection?.cut(reason)
  }
}

const borrowers = new AsyncLocalStorage<Borrower>()

/** The first connection taken inside `work` is noted in `borrower`. */
export const borrowAs = <T>(borrower: Borrower, work: () => Promise<T>): Promise<T> =>
  borrowers.run(borrower, work)

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
      const connection = await this.connect()
      try {
        return await connection.executor.run(query, parameters)
      } finally {
        connection.release()
      }
    },
  }

  /** Whether a connection pooler stands between. */
  async isPooled(): Promise<boolean> {
    const connection = await this.connect()
    connection.release()
    return connection.isPooled
  }

  get load(): PoolLoad {
    const { totalCount, idleCount, waitingCount } = this.#pool
    return { inUse: totalCount - idleCount, idle: idleCount, waiting: waitingCount }
  }

  get options(): object {
    return this.#pool.options
  }

  async connect(): Promise<BorrowedConnection> {
    const borrower = borrowers.getStore()
    let client: pg.PoolClient
    try {
      client = await connectToAny(this.#pool, this.#hosts)
    } catch (error) {
      throw new Rejection('unavailable', { cause: error })
    }
    const connection = new BorrowedConnection(client)
    if (borrower !== undefined) borrower.connection ??= connection
    return connection
  }

  end(): Promise<void> {
    this.#ending ??= this.#pool.end()
    return this.#ending
  }
}

/**
 * One connection, lent from the pool until `release`.
 *
 * INVARIANT: once it has been given back or cut, nothing reaches the connection through this object. One that was cut is
 * closed, so the server rolls back.
 */
class BorrowedConnection implements PostgresPoolClient {
  readonly #client: pg.PoolClient
  #cut: Error | undefined
  #broken = false
  #failure: unknown
  /** A BEGIN whose answer has not been waited for. */
  #begun: Promise<unknown> | undefined
  #returned = false

  constructor(client: pg.PoolClient) {
    this.#client = client
  }

  readonly executor: Executor = {
    engine: 'postgres',
    run: async ({ name, sql }, parameters) =>
      // Without a name nothing is kept in a session that a pooler gives to others (ADR 34).
      (await this.#run(sql, parameters, this.isPooled ? undefined : name)).rows,
  }

  get isPooled(): boolean {
    return modeOf(this.#client).isPooled
  }

  query<Row>(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<Row>>
  query<Row>(cursor: PostgresCursor<Row>): PostgresCursor<Row>
  query<Row>(
    query: string | PostgresCursor<Row>,
    parameters: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<Row>> | PostgresCursor<Row> {
    if (typeof query !== 'string') throw new TypeError('Rows are not streamed; read them page by page')
    return this.#run<Row>(query, parameters)
  }

  release(destroy = false): void {
    if (this.#returned) return
    this.#returned = true
    this.#client.release(destroy || this.#broken)
  }

  cut(reason: Error): void {
    this.#cut ??= reason
    this.release(true)
  }

  #begin(): PostgresQueryResult<never> {
    this.#begun = this.#client.query(modeOf(this.#client).begin)
    // The first statement awaits it. Until then the rejection must not count as unhandled, which would end the process.
    this.#begun.catch(() => {})
    return { command: 'SELECT', rowCount: 0, rows: [] }
  }

  async #run<Row>(
    text: string,
    parameters: readonly unknown[],
    name?: string,
  ): Promise<PostgresQueryResult<Row>> {
    if (this.#cut) throw this.#cut
    if (this.#returned) throw new Error('This connection was given back; its handle can no longer be used')
    checkParameters(parameters)
    // The answer to BEGIN holds no information: it is sent, and awaited with the answer to the first statement.
    if (text === 'begin') return this.#begin() as PostgresQueryResult<Row>
    try {
      const begun = this.#begun
      this.#begun = undefined
      const [{ command, rowCount, rows }] = await Promise.all([
        this.#client.query({ text, values: [...parameters], ...(name !== undefined && { name }) }),
        begun,
      ])
      return {
        command: command as PostgresQueryResult<Row>['command'],
        rowCount: rowCount ?? 0,
        rows: rows as Row[],
      }
    } catch (error) {
      if (!keepsConnection(error)) this.#broken = true
      // Of statements that travelled together one failed, and the others say no more than that it did.
      this.#failure ??= error
      throw postgresFailure(isAborted(error) ? this.#failure : error)
    }
  }
}
