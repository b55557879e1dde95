import type { MigrationHandle } from './migration.ts'

/** An administrator may have made a resource of this name before it was built in: it keeps its row and its permissions. */
export async function addBuiltInResource(
  trx: MigrationHandle,
  resource: { readonly codeName: string; readonly name: string },
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
    })
    .execute()
}
