import { type Kysely, type Selectable, sql } from 'kysely'
import { type ActionId, nameKeyOf, type PageCursor, type ResourceId, type RoleId } from '../kernel/index.ts'
import {
  type BuiltInNamedTable,
  containing,
  type Flag,
  type Handle,
  lockRows,
  nameOrder,
  paginate,
} from '../store/index.ts'
import type { Named, NamedFields } from './named.ts'
import type { ActionStore, NamedColumn, NamedStore, ResourceStore, RoleStore } from './named-store.ts'

type NamedTableName = 'roles' | 'resources' | 'actions'

const orderKeys: Record<Exclude<NamedColumn, 'name'>, ReturnType<typeof sql>> = {
  id: sql`id`,
  code_name: sql`code_name`,
  // Ordered as if empty, so that both engines put nothing in the same place.
  description: sql`coalesce(description, '')`,
}

export const sqlRoleStore = (db: Handle): RoleStore => sqlNamedStore<RoleId>(db, 'roles')

export function sqlCatalogueStore(db: Handle, table: 'resources'): ResourceStore
export function sqlCatalogueStore(db: Handle, table: 'actions'): ActionStore
export function sqlCatalogueStore(db: Handle, table: 'resources' | 'actions'): ResourceStore | ActionStore {
  return table === 'resources' ? sqlNamedStore<ResourceId>(db, table) : sqlNamedStore<ActionId>(db, table)
}

/** The three tables are one shape, but for the mark of the built-in that roles have no need of. */
const sqlNamedStore = <Id extends number>(handle: Handle, table: NamedTableName): NamedStore<Id> => {
  const db = handle as unknown as Kysely<Record<NamedTableName, BuiltInNamedTable>>
  const hasBuiltIns = table !== 'roles'
  const columns = [
    'id',
    'name',
    'code_name',
    'description',
    (hasBuiltIns ? sql<Flag>`is_builtin` : sql<Flag>`0`).as('is_builtin'),
  ] as const
  const toNamed = toNamedOf<Id>

  return {
    async findById(id) {
      const row = await db.selectFrom(table).select(columns).where('id', '=', id).executeTakeFirst()
      return row && toNamed(row)
    },

    async findByCodeNames(codeNames) {
      if (codeNames.length === 0) return []
      const rows = await db
        .selectFrom(table)
        .select(columns)
        .where('code_name', 'in', codeNames)
        .orderBy('id')
        .execute()
      return rows.map(toNamed)
    },

    async findTaken({ name, codeName }, except) {
      const rows = await db
        .selectFrom(table)
        .select(['name', 'code_name'])
        .where(eb => eb.or([eb('name', '=', name ?? ''), eb('code_name', '=', codeName ?? '')]))
        .$if(except !== undefined, q => q.where('id', '!=', except!))
        .execute()
      return [
        ...(rows.some(row => row.name === name) ? (['name'] as const) : []),
        ...(rows.some(row => row.code_name === codeName) ? (['codeName'] as const) : []),
      ]
    },

    async lock(id) {
      const found = db.selectFrom(table).select(columns).where('id', '=', id)
      const row = await lockRows(db, found).executeTakeFirst()
      return row && toNamed(row)
    },

    async add(fields) {
      const row = await db
        .insertInto(table)
        .values({
          ...toColumns(fields),
          ...((hasBuiltIns && { is_builtin: false }) as { is_builtin: false }),
        })
        .returning(columns)
        .executeTakeFirstOrThrow()
      return toNamed(row)
    },

    async update(id, fields) {
      const row = await db
        .updateTable(table)
        .set(toColumns(fields))
        .where('id', '=', id)
        .returning(columns)
        .executeTakeFirstOrThrow()
      return toNamed(row)
    },

    async delete(id) {
      await db.deleteFrom(table).where('id', '=', id).execute()
    },

    async list(page) {
      const { column } = page.ordering
      const value = column === 'name' ? nameOrder(handle, column) : orderKeys[column]
      const query = db
        .selectFrom(table)
        .select(columns)
        .select(value.as('place'))
        .$if(page.search !== undefined, q =>
          q.where(containing(sql`search_text`, page.search!.normalize('NFC'))),
        )
      const { rows, ...rest } = await paginate(query, { value, id: orderKeys.id }, page)
      return {
        ...rest,
        rows: rows.map(row => ({ ...toNamed(row), place: row.place as PageCursor['value'] })),
      }
    },

    async readNames() {
      const rows = await db
        .selectFrom(table)
        .select(['id', 'name', 'code_name'])
        .orderBy('code_name')
        .execute()
      return rows.map(row => ({ id: row.id as Id, name: row.name, codeName: row.code_name }))
    },
  }
}

const toColumns = ({ name, codeName, description }: NamedFields) => ({
  name,
  code_name: codeName,
  description,
  search_text: `${name} ${codeName}`.toLowerCase(),
  name_key: nameKeyOf(name),
})

const toNamedOf = <Id extends number>(
  row: Omit<Selectable<BuiltInNamedTable>, 'search_text' | 'name_key'>,
): Named<Id> => ({
  id: row.id as Id,
  name: row.name,
  codeName: row.code_name,
  description: row.description,
  isBuiltin: Boolean(row.is_builtin),
})
