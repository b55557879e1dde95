/** Whoever may change these decides what everybody may do. */
const ofAccess = new Set([
  'users',
  'roles',
  'permissions',
  'resources',
  'actions',
  'tokens',
  'server',
  'api_keys',
])

/** Of a role's permissions those that control access itself, and those of every action: worth a warning before they are given. */
export const sensitiveOf = (permissions: readonly string[]): readonly string[] =>
  permissions.filter(permission => {
    const [resource = '', action = ''] = permission.split(':')
    return action === 'all' || (ofAccess.has(resource) && action !== 'read')
  })
