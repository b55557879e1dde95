import {
  invalidField,
  message,
  type PermissionName,
  Rejection,
  type RoleId,
  splitPermissionName,
} from '../kernel/index.ts'
import type { AccessStores } from './access-stores.ts'
import type { PermissionStep } from './role.ts'

/** The most that one role may hold. */
export const maxPermissions = 1000

const isPermissionName = (name: string): name is PermissionName => splitPermissionName(name) !== undefined

/** The names as permissions, each once. Refuses those of another form in `errors.permissions`. */
export function parsePermissionNames(names: readonly string[]): readonly PermissionName[] {
  const wellFormed = names.filter(isPermissionName)
  if (wellFormed.length < names.length) throw invalidField('permissions', message('permission.malformed'))
  return [...new Set(wellFormed)]
}

type PermissionChange =
  | readonly PermissionName[]
  | { readonly give: PermissionName }
  | { readonly take: PermissionName }

/** The change with its names as permissions. Refuses those of another form: of a step, in `errors.name`. */
export function parsePermissionChange(wanted: readonly string[] | PermissionStep): PermissionChange {
  if ('give' in wanted) return { give: parseOneName(wanted.give) }
  if ('take' in wanted) return { take: parseOneName(wanted.take) }
  return parsePermissionNames(wanted)
}

function parseOneName(name: string): PermissionName {
  if (!isPermissionName(name)) throw invalidField('name', message('permission.malformed'))
  return name
}

/**
 * Gives the role these permissions, or gives or takes the one. Refuses what does not exist: of a list as
 * `replacePermissions` does, of a step with `not_found`.
 */
export async function changePermissions(
  stores: Pick<AccessStores, 'permissions' | 'resources' | 'actions'>,
  roleId: RoleId,
  change: PermissionChange,
): Promise<void> {
  if (!('give' in change) && !('take' in change)) return replacePermissions(stores, roleId, change)
  const name = 'give' in change ? change.give : change.take
  await assertExists(stores, name)
  const held = (await stores.permissions.permissionsOfRoles([roleId])).get(roleId)?.permissions ?? []
  if (held.includes(name) === 'give' in change) return
  const others = held.filter(each => each !== name)
  if ('give' in change && others.length >= maxPermissions) {
    throw invalidField('name', message('field.too_many', { limit: maxPermissions }))
  }
  await replacePermissions(stores, roleId, 'give' in change ? [...others, name] : others)
}

async function assertExists(
  { resources, actions }: Pick<AccessStores, 'resources' | 'actions'>,
  permission: PermissionName,
): Promise<void> {
  const { resource, action } = splitPermissionName(permission)!
  const [foundResource] = await resources.findByCodeNames([resource])
  const [foundAction] = await actions.findByCodeNames([action])
  if (foundResource === undefined || foundAction === undefined) {
    throw new Rejection('not_found', { detail: message('permission.unknown', { permission }) })
  }
}

/**
 * Makes these the permissions of the role; rows that no role has needed yet are made on the way. Refuses names
 * whose resource or action does not exist, each in `errors.permissions`.
 */
export async function replacePermissions(
  { permissions }: Pick<AccessStores, 'permissions'>,
  roleId: RoleId,
  names: readonly PermissionName[],
): Promise<void> {
  const { ids, unknown } = await permissions.ensure(names)
  if (unknown.length > 0) {
    throw invalidField(
      'permissions',
      ...unknown.map(permission => message('permission.unknown', { permission })),
    )
  }
  await permissions.replaceOfRole(roleId, ids)
}
