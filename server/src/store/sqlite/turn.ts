import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely'
import { checkParameters } from '../check-parameters.ts'
import type { Executor } from '../prepared-query.ts'
import { refuseStreaming } from './sqlite-dialect.ts'
import { sqliteFailure } from './sqlite-failure.ts'
import type { SqliteSession } from './sqlite-session.ts'

/**
 * One job's use of the write connection: a savepoint inside the transaction that its batch shares.
 *
 * INVARIANT: once a turn has ended nothing reaches the connection through it, so that a job which goes on after its
 * time cannot write into the savepoint of the next job.
 */
export class Turn implements DatabaseConnection {
  readonly #session: SqliteSession
  #open = false
  #ended: { readonly reason: Error | undefined } | undefined
  #spoiled: { readonly cause: unknown } | undefined

  constructor(session: SqliteSession) {
    this.#session = session
  }

  begin(): void {
    this.#session.run('savepoint turn')
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
  keep(): void {
    this.#assertUsable()
    this.#session.run('release turn')
    this.#open = false
  }

  /** Takes back what this job wrote and nothing else. */
  undo(): void {
    // An error such as a full disk may have rolled back the whole transaction, and the savepoint with it.
    if (this.#open && this.#session.db.isTransaction) {
      this.#session.run('rollback to turn')
      this.#session.run('release turn')
    }
    this.#open = false
  }

  /** Without a reason the transaction has simply come to its end. */
  end(reason?: Error): void {
    this.#ended ??= { reason }
    this.undo()
  }

  streamQuery = refuseStreaming

  #assertUsable(): void {
    if (this.#ended)
      throw this.#ended.reason ?? new Error('This transaction is over; its handle can no longer be used')
    if (this.#spoiled)
      throw new Error('A statement of this transaction failed; nothing more can be done in it', this.#spoiled)
  }
}
