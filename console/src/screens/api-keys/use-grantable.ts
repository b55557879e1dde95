import { useWholeList } from '../../access/index.ts'
import { useMay, useProfile } from '../../session/index.ts'

export interface Grantable {
  readonly roles: readonly { readonly value: string; readonly label: string }[]
  readonly permissions: readonly string[]
}

/**
 * Roles and permissions that whoever is signed in can give to a key: what they hold. `documents:all` is offered action by
 * action too, where the actions may be seen: a key is to get as little as does. The server decides by itself.
 */
export function useGrantable(): Grantable {
  const may = useMay()
  const profile = useProfile()
  const roles = useWholeList('roles', 'listRoles', { isOn: may('roles', 'read') }).data
  const actions = useWholeList('actions', 'listActions', { isOn: may('actions', 'read') }).data ?? []
  const resources =
    useWholeList('resources', 'listResources', { isOn: profile.is_superuser && may('resources', 'read') })
      .data ?? []

  const holds = (permission: string) => {
    const [resource, action] = permission.split(':', 2) as [string, string]
    return may(resource, action)
  }
  const actionNames = actions.map(action => action.code_name)
  const held = [
    ...profile.permissions,
    ...(profile.is_superuser ? resources.map(({ code_name }) => `${code_name}:all`) : []),
  ]
  const each = held.flatMap(permission => {
    const [resource, action] = permission.split(':', 2) as [string, string]
    return action === 'all' ? [permission, ...actionNames.map(name => `${resource}:${name}`)] : [permission]
  })
  return {
    roles:
      roles === undefined
        ? profile.roles.map(code => ({ value: code, label: code }))
        : roles
            .filter(role => role.permissions.every(holds))
            .map(role => ({ value: role.code_name, label: role.name })),
    permissions: [...new Set(each)].sort(),
  }
}
