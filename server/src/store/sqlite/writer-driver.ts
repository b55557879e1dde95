import type { DatabaseConnection, Driver } from 'kysely'
import type { SqliteSession } from './sqlite-session.ts'
import { Turn } from './turn.ts'

/**
 * Gives each transaction a turn of its own on the one write connection. The write queue sees to it that there is
 * never more than one.
 */
export class WriterDriver implements Driver {
  readonly #session: SqliteSession
  /** The turn that began last. */
  current: Turn | undefined

  constructor(session: SqliteSession) {
    this.#session = session
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<Turn> {
    this.current = new Turn(this.#session)
    return this.current
  }

  async beginTransaction(turn: DatabaseConnection): Promise<void> {
    asTurn(turn).begin()
  }

  async commitTransaction(turn: DatabaseConnection): Promise<void> {
    asTurn(turn).keep()
  }

  async rollbackTransaction(turn: DatabaseConnection): Promise<void> {
    asTurn(turn).undo()
  }

  async releaseConnection(turn: DatabaseConnection): Promise<void> {
    asTurn(turn).end()
  }

  async destroy(): Promise<void> {}
}

function asTurn(connection: DatabaseConnection): Turn {
  if (connection instanceof Turn) return connection
  throw new TypeError('This connection is not one of ours')
}
