import { type Kysely, type Selectable, sql } from 'kysely'
import {
  type ActionId,
  type Listed,
  nameKeyOf,
  type Page,
  type PageCursor,
  type PageRequest,
  type ResourceId,
  type RoleId,
} from '../kernel/index.ts'
import {
  type BuiltInNamedTable,
  containing,
  type Flag,
  type Handle,
  lockRows,
  nameOrder,
  paginate,
} from '../store/index.ts'

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

export type NamedStore<Id extends number> = ReturnType<typeof sqlNamedStore<Id>>

/**
 * Rows with unique names. Writers hold the lock of `PermissionStore.lockAccess`, so what they have looked at stays true until
 * they commit; the unique indexes stand behind it. The three tables have one shape, but for `is_builtin`, which roles do
 * not need.
 */
const sqlNamedStore = <Id extends number>(handle: Handle, table: NamedTableName) => {
  const db = handle as unknown as Kysely<Record<NamedTableName, BuiltInNamedTable>>
  const hasBuiltIns = table !== 'roles'
  const columns = [
    'id',
    'name',
    'code_name',
    'description',
    (hasBuiltIns ? sql<Flag>`is_builtin` : sql<Flag>`0`).as('is_builtin'),
    (hasBuiltIns ? sql<null>`null` : sql<'aal2' | null>`requires_aal`).as('requires_aal'),
  ] as const
  const toNamed = toNamedOf<Id>

  return {
    async findById(id: Id): Promise<Named<Id> | undefined> {
      const row = await db.selectFrom(table).select(columns).where('id', '=', id).executeTakeFirst()
      return row && toNamed(row)
    },

    /** In the order of their ids; unknown code names are left out. */
    async findByCodeNames(codeNames: readonly string[]): Promise<readonly Named<Id>[]> {
      if (codeNames.length === 0) return []
      const rows = await db
        .selectFrom(table)
        .select(columns)
        .where('code_name', 'in', codeNames)
        .orderBy('id')
        .execute()
      return rows.map(toNamed)
    },

    /** Which of the two another row than `except` has already. */
    async findTaken(
      { name, codeName }: Partial<NamedFields>,
      except?: Id,
    ): Promise<readonly ('name' | 'codeName')[]> {
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

    /** The row as it stands, locked until the transaction ends. */
    async lock(id: Id): Promise<Named<Id> | undefined> {
      const found = db.selectFrom(table).select(columns).where('id', '=', id)
      const row = await lockRows(db, found).executeTakeFirst()
      return row && toNamed(row)
    },

    async add(fields: NamedFields): Promise<Named<Id>> {
      const row = await db
        .insertInto(table)
        .values({
          ...toColumns(fields),
          ...((hasBuiltIns ? { is_builtin: false } : levelOf(fields)) as { is_builtin: false }),
        })
        .returning(columns)
        .executeTakeFirstOrThrow()
      return toNamed(row)
    },

    /** The row must exist. */
    async update(id: Id, fields: NamedFields): Promise<Named<Id>> {
      const row = await db
        .updateTable(table)
        .set({ ...toColumns(fields), ...(hasBuiltIns ? {} : levelOf(fields)) })
        .where('id', '=', id)
        .returning(columns)
        .executeTakeFirstOrThrow()
      return toNamed(row)
    },

    /** With everything that rests on it: grants and, of a role, its assignments. */
    async delete(id: Id): Promise<void> {
      await db.deleteFrom(table).where('id', '=', id).execute()
    },

    async list(page: PageRequest<NamedColumn>): Promise<Page<Listed<Named<Id>>>> {
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

    /** Of every row, by code name. */
    async readNames(): Promise<readonly Pick<Named<Id>, 'id' | 'name' | 'codeName'>[]> {
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

const levelOf = ({ requiresAal = null }: NamedFields) => ({ requires_aal: requiresAal })

const toNamedOf = <Id extends number>(
  row: Omit<Selectable<BuiltInNamedTable>, 'search_text' | 'name_key'> & { requires_aal: 'aal2' | null },
): Named<Id> => ({
  id: row.id as Id,
  name: row.name,
  codeName: row.code_name,
  description: row.description,
  isBuiltin: Boolean(row.is_builtin),
  requiresAal: row.requires_aal,
})

export type NamedColumn = 'id' | 'name' | 'code_name' | 'description'

export type RoleStore = NamedStore<RoleId>
export type ResourceStore = NamedStore<ResourceId>
export type ActionStore = NamedStore<ActionId>

/** What roles, resources and actions have in common: a name for people and a code name for programs. */
export interface Named<Id extends number> {
  readonly id: Id
  readonly name: string
  readonly codeName: string
  readonly description: string | null
  /** The server's own routes rest on it: neither deleted nor renamed. A role never is. */
  readonly isBuiltin: boolean
  /** The level of the session that a role asks for (ADR 49); null of one that asks for none, and of what is no role. */
  readonly requiresAal: 'aal2' | null
}

export type NamedFields = Pick<Named<number>, 'name' | 'codeName' | 'description'> &
  Partial<Pick<Named<number>, 'requiresAal'>>

export type Role = Named<RoleId>
