import type { Database } from '../../server/src/store/index.ts'
import { type EngineName, engines } from './engines.ts'

/** How the exchange of a refresh token reaches a database: PostgreSQL can do the common case in one statement. */
export interface RotationWay {
  readonly engine: EngineName
  readonly title: string
  /** The database with only this way open. */
  on(database: Database): Database
}

const asItIs = (database: Database) => database

/** The same object, since a server that stands on it asks it at each rotation. */
function withoutStatements(database: Database): Database {
  Object.defineProperty(database, 'statement', { value: undefined })
  return database
}

export const rotationWays: readonly RotationWay[] = [
  ...engines.map(engine => ({ engine, title: `in a transaction of ${engine}`, on: withoutStatements })),
  { engine: 'postgres', title: 'in one statement of postgres', on: asItIs },
]
