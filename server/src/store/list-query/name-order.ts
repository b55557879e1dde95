import { type Kysely, type RawBuilder, sql } from 'kysely'
import { nameKeyOf } from '../../kernel/index.ts'
import type { Engine, Handle } from '../database.ts'
import { engineOf } from '../engine.ts'

const nameColumns = {
  users: ['first_name', 'last_name', 'middle_name'],
  roles: ['name'],
  resources: ['name'],
  actions: ['name'],
} as const

type NameColumn = (typeof nameColumns)[keyof typeof nameColumns][number]

/**
 * Whether the stored key is that of the name as it stands. The very expressions of migration 0014, or its indexes do not
 * serve.
 */
const isKeyOf = (engine: Engine, name: string): RawBuilder<boolean> => {
  const [text, key] = [sql.ref(name), sql.ref(`${name}_key`)]
  return engine === 'postgres'
    ? sql<boolean>`right(${key}, length(${text}) + 1) = chr(1) || ${text}`
    : sql<boolean>`substr(${key}, -length(${text}) - 1) = char(1) || ${text}`
}

const isDue = (engine: Engine, name: string): RawBuilder<boolean> => {
  const [text, key] = [sql.ref(name), sql.ref(`${name}_key`)]
  return sql<boolean>`case when coalesce(${text}, '') = '' then ${key} is not null else (${isKeyOf(engine, name)}) is not true end`
}

/**
 * The expression that orders a list by name: the key, or the name as it is where an older release has written it
 * without one. It has an index; an absent name comes first.
 */
export const nameOrder = (db: Handle, name: NameColumn): RawBuilder<string> => {
  const [text, key] = [sql.ref(name), sql.ref(`${name}_key`)]
  return sql<string>`coalesce(case when ${isKeyOf(engineOf(db), name)} then ${key} else ${text} end, '')`
}

/**
 * Makes the keys that are missing or of an older name, of so many rows of each table at the most. Gives how many rows
 * got theirs.
 */
export async function fillNameKeys(db: Handle, most: number): Promise<number> {
  let filled = 0
  for (const [table, names] of Object.entries(nameColumns)) filled += await fill(db, table, names, most)
  return filled
}

async function fill(handle: Handle, table: string, names: readonly string[], most: number): Promise<number> {
  const db = handle as unknown as Kysely<Record<string, Record<string, string | number | null>>>
  const engine = engineOf(handle)
  const rows = await db
    .selectFrom(table)
    .select(['id', ...names])
    .where(
      sql<boolean>`(${sql.join(
        names.map(name => isDue(engine, name)),
        sql` or `,
      )})`,
    )
    .orderBy('id')
    .limit(most)
    // A row that another transaction holds comes in the next round: this one waits for nothing that it could block.
    .$if(engine === 'postgres', query => query.forUpdate().skipLocked())
    .execute()
  for (const row of rows) {
    const keys = names.map(name => [`${name}_key`, nameKeyOf(row[name] as string | null)])
    await db.updateTable(table).set(Object.fromEntries(keys)).where('id', '=', row.id!).execute()
  }
  return rows.length
}
