import { sql } from 'kysely'
import { nameKeyOf } from '../../kernel/index.ts'
import type { Engine } from '../database.ts'
import type { Migration, MigrationHandle } from './migration.ts'

/** Tables of few rows, whose keys are made at once. */
const named = ['roles', 'resources', 'actions'] as const

const personNames = ['first_name', 'last_name', 'middle_name'] as const

/**
 * Whether the key is that of the name. Node by node, an older release writes names without keys: then the name itself
 * orders the row, until housekeeping has made its key.
 */
const isKeyOf = (engine: Engine, name: string) =>
  engine === 'postgres'
    ? `right(${name}_key, length(${name}) + 1) = chr(1) || ${name}`
    : `substr(${name}_key, -length(${name}) - 1) = char(1) || ${name}`

const orderOf = (engine: Engine, name: string) =>
  `coalesce(case when ${isKeyOf(engine, name)} then ${name}_key else ${name} end, '')`

const isDue = (engine: Engine, name: string) =>
  `case when coalesce(${name}, '') = '' then ${name}_key is not null else (${isKeyOf(engine, name)}) is not true end`

/**
 * Names in the order in which people look for them (ADR 33). On PostgreSQL sign-ins wait while the indexes are made:
 * some seconds for a million accounts. The keys of people come later, from housekeeping, some hundreds at a time.
 */
export const nameKeys: Migration = {
  name: '0014_name_keys',
  expands: true,
  async up(trx, engine) {
    const text = engine === 'postgres' ? 'text collate "C"' : 'text'
    const run = (statement: string) => sql.raw(statement).execute(trx)
    for (const table of named) {
      await run(`alter table ${table} add column name_key ${text}`)
      await fill(trx, table)
      await run(`create index ${table}__name_key__index on ${table} (${orderOf(engine, 'name')}, id)`)
    }
    for (const name of personNames) {
      await run(`alter table users add column ${name}_key ${text}`)
      await run(`create index users__${name}_key__index on users (${orderOf(engine, name)}, id)`)
    }
    // Empty where every key is there: rows without a key are found without reading the others.
    const due = personNames.map(name => isDue(engine, name)).join(' or ')
    await run(`create index users__names_due__index on users (id) where ${due}`)
  },
}

async function fill(trx: MigrationHandle, table: (typeof named)[number]): Promise<void> {
  for (const { id, name } of await trx.selectFrom(table).select(['id', 'name']).execute()) {
    await trx
      .updateTable(table)
      .set({ name_key: nameKeyOf(name as string) })
      .where('id', '=', id)
      .execute()
  }
}
