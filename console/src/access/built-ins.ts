/**
 * What the server's own routes rest on: it is neither deleted nor renamed (docs/authorization.md). The API does not mark
 * them, so they are named here; a test compares the names with the database.
 */
export const builtInResources: readonly string[] = [
  ...['users', 'roles', 'actions', 'resources', 'permissions', 'sessions', 'tokens', 'audit'],
  ...['throttle', 'server', 'api_keys', 'changes', 'forward_rules', 'mail', 'factors'],
]

type Named = { readonly code_name: string }

export const isBuiltInResource = ({ code_name }: Named): boolean => builtInResources.includes(code_name)

/** The application's own resources first, then the server's; each in the order that it had. */
export const inGroups = <Row extends Named>(rows: readonly Row[]): readonly Row[] => [
  ...rows.filter(row => !isBuiltInResource(row)),
  ...rows.filter(isBuiltInResource),
]

export const builtInActions: readonly string[] = ['read', 'create', 'update', 'delete', 'all']
