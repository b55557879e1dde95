import type { SelectQueryBuilder } from 'kysely'
import type { Handle } from './database.ts'
import { engineOf } from './engine-of.ts'

/**
 * Keeps the rows of a query from other writers until this transaction ends, and gives them as they are once it has them.
 * Rows that refer to them may still be made (PostgreSQL: `for no key update`). On SQLite one transaction writes at a time, so
 * that every row is locked.
 */
export const lockRows = <Tables, Names extends keyof Tables, Row>(
  db: Pick<Handle, 'getExecutor'>,
  query: SelectQueryBuilder<Tables, Names, Row>,
): SelectQueryBuilder<Tables, Names, Row> => (engineOf(db) === 'postgres' ? query.forNoKeyUpdate() : query)
