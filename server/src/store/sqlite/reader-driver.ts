import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely'
import { checkParameters } from '../check-parameters.ts'
import type { Executor } from '../prepared-query.ts'
import type { LogSync } from './log-sync.ts'
import { refuseStreaming } from './sqlite-dialect.ts'
import { isReadOnly, sqliteFailure } from './sqlite-failure.ts'
import type { SqliteSession } from './sqlite-session.ts'

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
