import type { Kysely } from 'kysely'
import type { Engine } from '../database.ts'

/** A migration knows the tables as they were in its day, never `Tables` as it is now. */
export type MigrationHandle = Kysely<Record<string, Record<string, unknown>>>

/** Forward only, and never edited once released. */
export interface Migration {
  /** `0007_add_refresh_family`: applied in the order of these names. */
  readonly name: string
  /**
   * Whether a program that does not know this migration can go on with the tables as it leaves them. INVARIANT: true
   * only of one that adds and takes nothing away (docs/adr/0017-expand-then-contract.md; a test judges the schema).
   * It is stored with the name, for programs that were released before.
   */
  readonly expands: boolean
  up(trx: MigrationHandle, engine: Engine): Promise<void>
}

/**
 * An administrator may have made a resource of this name before it was built in: it keeps its row and its permissions.
 * `nameKeyOf` is given from migration 0014 on, which added that column.
 */
export async function addBuiltInResource(
  trx: MigrationHandle,
  resource: { readonly codeName: string; readonly name: string },
  nameKeyOf?: (name: string) => string | null,
): Promise<void> {
  const { codeName } = resource
  const known = await trx
    .updateTable('resources')
    .set({ is_builtin: true })
    .where('code_name', '=', codeName)
    .returning('id')
    .execute()
  if (known.length > 0) return
  const taken = await trx.selectFrom('resources').select('id').where('name', '=', resource.name).execute()
  const name = taken.length > 0 ? `${resource.name} (built in)` : resource.name
  await trx
    .insertInto('resources')
    .values({
      name,
      code_name: codeName,
      description: null,
      search_text: `${name} ${codeName}`.toLowerCase(),
      is_builtin: true,
      ...(nameKeyOf && { name_key: nameKeyOf(name) }),
    })
    .execute()
}
