import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Workplace } from './propusk.ts'

export const databaseFileOf = ({ directory }: Workplace): string => join(directory, 'data/propusk.db')

/** Opens the database of a workplace from outside, for as long as `work` takes. */
export function inDatabase<T>(place: Workplace, work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(databaseFileOf(place))
  try {
    return work(database)
  } finally {
    database.close()
  }
}

/** How many rows each table holds. */
export const countRows = (place: Workplace): Record<string, number> =>
  inDatabase(place, database => {
    const tables = database
      .prepare(
        "select name from pragma_table_list where schema = 'main' and type = 'table' and name not like 'sqlite_%'",
      )
      .all()
    return Object.fromEntries(
      tables.map(({ name }) => [
        String(name),
        Number(database.prepare(`select count(*) as count from "${name}"`).get()?.count),
      ]),
    )
  })
