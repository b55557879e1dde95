import type { PostgresCursor, PostgresPoolClient, PostgresQueryResult } from 'kysely'
import type { PoolClient } from 'pg'
import { checkParameters } from '../check-parameters.ts'
import type { Executor } from '../prepared-query.ts'
import { modeOf } from './connection-mode.ts'
import { isAborted, keepsConnection, postgresFailure } from './postgres-failure.ts'

/**
 * One connection, lent from the pool until `release`.
 *
 * INVARIANT: once a lease has been given back or cut nothing reaches the connection through it; of one that was cut the
 * connection is closed, so the server rolls back.
 */
export class Lease implements PostgresPoolClient {
  readonly #client: PoolClient
  #cut: Error | undefined
  #broken = false
  #failure: unknown
  /** A BEGIN whose answer has not been waited for. */
  #begun: Promise<unknown> | undefined
  #returned = false

  constructor(client: PoolClient) {
    this.#client = client
  }

  readonly executor: Executor = {
    engine: 'postgres',
    run: async ({ name, sql }, parameters) =>
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
