import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely'
import { checkParameters } from '../check-parameters.ts'
import type { Runner } from '../hot-query.ts'
import { refuseStreaming } from './sqlite-dialect.ts'
import { isReadOnly, sqliteFailure } from './sqlite-failure.ts'
import type { SqliteSession } from './sqlite-session.ts'

/** Every statement of the read handle runs at once on one read-only connection: in WAL it sees what is committed and waits for nobody. */
export class ReaderDriver implements Driver {
  readonly #connection: ReaderConnection

  constructor(session: SqliteSession) {
    this.#connection = new ReaderConnection(session)
  }

  readonly runner: Runner = {
    engine: 'sqlite',
    run: async ({ sql }, parameters) => this.#connection.run(sql, parameters).rows,
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

  constructor(session: SqliteSession) {
    this.#session = session
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    return this.run(sql, parameters)
  }

  run<Row>(sql: string, parameters: readonly unknown[]): QueryResult<Row> {
    checkParameters(parameters)
    try {
      return this.#session.run<Row>(sql, parameters)
    } catch (error) {
      if (isReadOnly(error))
        throw new TypeError('The read handle cannot write; use database.transaction', { cause: error })
      throw sqliteFailure(error)
    }
  }

  streamQuery = refuseStreaming
}
