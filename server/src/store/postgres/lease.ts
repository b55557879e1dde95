import type { PostgresCursor, PostgresPoolClient, PostgresQueryResult } from 'kysely'
import type { PoolClient } from 'pg'
import { checkParameters } from '../check-parameters.ts'
import type { Runner } from '../hot-query.ts'
import { keepsConnection, postgresFailure } from './postgres-failure.ts'

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
  #returned = false

  constructor(client: PoolClient) {
    this.#client = client
  }

  readonly runner: Runner = {
    engine: 'postgres',
    run: async ({ name, sql }, parameters) => (await this.#run(sql, parameters, name)).rows,
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

  async #run<Row>(
    text: string,
    parameters: readonly unknown[],
    name?: string,
  ): Promise<PostgresQueryResult<Row>> {
    if (this.#cut) throw this.#cut
    if (this.#returned) throw new Error('This connection was given back; its handle can no longer be used')
    checkParameters(parameters)
    try {
      const { command, rowCount, rows } = await this.#client.query({
        text,
        values: [...parameters],
        ...(name !== undefined && { name }),
      })
      return {
        command: command as PostgresQueryResult<Row>['command'],
        rowCount: rowCount ?? 0,
        rows: rows as Row[],
      }
    } catch (error) {
      if (!keepsConnection(error)) this.#broken = true
      throw postgresFailure(error)
    }
  }
}
