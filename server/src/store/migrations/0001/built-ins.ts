import type { MigrationHandle } from '../migration.ts'

const builtIns = {
  resources: [
    ['users', 'Users'],
    ['roles', 'Roles'],
    ['actions', 'Actions'],
    ['resources', 'Resources'],
    ['permissions', 'Permissions'],
    ['sessions', 'Sessions'],
    ['tokens', 'Tokens'],
    ['audit', 'Audit'],
  ],
  actions: [
    ['read', 'Read'],
    ['create', 'Create'],
    ['update', 'Update'],
    ['delete', 'Delete'],
    ['all', 'All'],
  ],
} as const

/** The resources and actions that the server's own routes name: they cannot be deleted or renamed. */
export async function seedBuiltIns(trx: MigrationHandle): Promise<void> {
  for (const [table, entries] of Object.entries(builtIns)) {
    const rows = entries.map(([code_name, name]) => ({
      name,
      code_name,
      description: null,
      search_text: `${name} ${code_name}`.toLowerCase(),
      is_builtin: true,
    }))
    await trx.insertInto(table).values(rows).execute()
  }
}
