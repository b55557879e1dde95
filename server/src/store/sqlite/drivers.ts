import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { checkParameters } from '../guards.ts'
import type { Executor } from '../prepared-query.ts'
import type { LogSync } from './log-sync.ts'
import { isReadOnly, sqliteFailure } from './sqlite-failure.ts'
import type { SqliteSession } from './sqlite-session.ts'

/** Kysely's SQLite with what its stock adapter leaves out. */
class NodeSqliteAdapter extends SqliteAdapter {
  /** A failing migration leaves nothing behind: SQLite rolls back DDL like any other change. */
  override get supportsTransactionalDdl(): boolean {
    return true
  }

  /** Our drivers order their callers themselves; Kysely's own lock on top would only cost time. */
  override get supportsMultipleConnections(): boolean {
    return true
  }
}

export const sqliteDialect = (driver: Driver): Dialect => ({
  createDriver: () => driver,
  createAdapter: () => new NodeSqliteAdapter(),
  createQueryCompiler: () => new SqliteQueryCompiler(),
  createIntrospector: db => new SqliteIntrospector(db),
})

/** No method streams: a cursor that stays open would hold back checkpoints. Read page by page. */
const refuseStreaming = (): never => {
  throw new TypeError('Rows are not streamed; read them page by page')
}

/**
 * Every statement of the read handle runs at once on one read-only connection: in WAL it sees what is committed and waits
 * for no writer. Its rows are given out once the disk has all that they may rest on.
 */
export class ReaderDriver implements Driver {
  readonly #connection: ReaderConnection
  readonly #log: Pick<LogSync, 'pending'>

  constructor(session: SqliteSession, log: Pick<LogSync, 'pending'>) {
    this.#connection = new ReaderConnection(session, log)
    this.#log = log
  }

  readonly executor: Executor = {
    engine: 'sqlite',
    run: ({ sql, isSingle }, parameters) => {
      const { rows } = this.#connection.run(sql, parameters, isSingle)
      const { pending } = this.#log
      return pending === undefined ? rows : pending.then(() => rows)
    },
  }

  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection
  }
  async beginTransaction(): Promise<void> {
    throw new TypeError('The read handle has no transactions; use database.transaction')
  }
  async commitTransaction(): Promise<void> {}
  async rollbackTransaction(): Promise<void> {}
  async releaseConnection(): Promise<void> {}
  async destroy(): Promise<void> {}
}

class ReaderConnection implements DatabaseConnection {
  readonly #session: SqliteSession
  readonly #log: Pick<LogSync, 'pending'>

  constructor(session: SqliteSession, log: Pick<LogSync, 'pending'>) {
    this.#session = session
    this.#log = log
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const result = this.run<Row>(sql, parameters)
    await this.#log.pending
    return result
  }

  /** At once: what the rows rest on may not be on the disk yet. */
  run<Row>(sql: string, parameters: readonly unknown[], isSingle = false): QueryResult<Row> {
    checkParameters(parameters)
    try {
      return this.#session.run<Row>(sql, parameters, isSingle)
    } catch (error) {
      if (isReadOnly(error))
        throw new TypeError('The read handle cannot write; use database.transaction', { cause: error })
      throw sqliteFailure(error)
    }
  }

  streamQuery = refuseStreaming
}

/**
 * Gives each transaction a savepoint of its own on the one write connection. The write queue sees to it that there is
 * never more than one.
 */
export class WriterDriver implements Driver {
  readonly #session: SqliteSession
  /** The savepoint that began last. */
  current: Savepoint | undefined

  constructor(session: SqliteSession) {
    this.#session = session
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<Savepoint> {
    this.current = new Savepoint(this.#session)
    return this.current
  }

  async beginTransaction(savepoint: DatabaseConnection): Promise<void> {
    asSavepoint(savepoint).begin()
  }

  async commitTransaction(savepoint: DatabaseConnection): Promise<void> {
    asSavepoint(savepoint).release()
  }

  async rollbackTransaction(savepoint: DatabaseConnection): Promise<void> {
    asSavepoint(savepoint).rollBack()
  }

  async releaseConnection(savepoint: DatabaseConnection): Promise<void> {
    asSavepoint(savepoint).end()
  }

  async destroy(): Promise<void> {}
}

function asSavepoint(connection: DatabaseConnection): Savepoint {
  if (connection instanceof Savepoint) return connection
  throw new TypeError('This connection is not one of ours')
}

/**
 * One job's use of the write connection: a savepoint inside the transaction that its batch shares.
 *
 * INVARIANT: once a savepoint has ended nothing reaches the connection through it, so that a job which goes on after its
 * time cannot write into the savepoint of the next job.
 */
class Savepoint implements DatabaseConnection {
  readonly #session: SqliteSession
  #open = false
  #ended: { readonly reason: Error | undefined } | undefined
  #spoiled: { readonly cause: unknown } | undefined

  constructor(session: SqliteSession) {
    this.#session = session
  }

  begin(): void {
    this.#session.run('savepoint job')
    this.#open = true
  }

  readonly executor: Executor = {
    engine: 'sqlite',
    run: ({ sql }, parameters) => this.#run(sql, parameters).rows,
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    return this.#run(sql, parameters)
  }

  #run<Row>(sql: string, parameters: readonly unknown[]): QueryResult<Row> {
    this.#assertUsable()
    checkParameters(parameters)
    try {
      return this.#session.run<Row>(sql, parameters)
    } catch (error) {
      const failure = sqliteFailure(error)
      this.#spoiled ??= { cause: failure }
      throw failure
    }
  }

  /** The job is done: its writes wait for the batch's commit. As on PostgreSQL, a statement that failed spoils them all. */
  release(): void {
    this.#assertUsable()
    this.#session.run('release job')
    this.#open = false
  }

  /** Takes back what this job wrote and nothing else. */
  rollBack(): void {
    // An error such as a full disk may have rolled back the whole transaction, and the savepoint with it.
    if (this.#open && this.#session.db.isTransaction) {
      this.#session.run('rollback to job')
      this.#session.run('release job')
    }
    this.#open = false
  }

  /** Without a reason the transaction has simply come to its end. */
  end(reason?: Error): void {
    this.#ended ??= { reason }
    this.rollBack()
  }

  streamQuery = refuseStreaming

  #assertUsable(): void {
    if (this.#ended)
      throw this.#ended.reason ?? new Error('This transaction is over; its handle can no longer be used')
    if (this.#spoiled)
      throw new Error('A statement of this transaction failed; nothing more can be done in it', this.#spoiled)
  }
}
