/**
 * What the server's own routes rest on: it is neither deleted nor renamed (docs/authorization.md). The API does not mark
 * them, so they are named here; a test compares the names with the database.
 */
export const builtInResources: readonly string[] = [
  ...['users', 'roles', 'actions', 'resources', 'permissions', 'sessions', 'tokens', 'audit'],
  ...['throttle', 'server', 'api_keys', 'changes', 'forward_rules', 'mail', 'factors'],
]

export const builtInActions: readonly string[] = ['read', 'create', 'update', 'delete', 'all']
