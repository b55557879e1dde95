import type { RoleState } from '@propusk/gate/core'
import type { NewChange } from '../changes/index.ts'
import {
  type EpochMs,
  invalidField,
  message,
  type PermissionId,
  type PermissionName,
  Rejection,
  type RoleId,
  splitPermissionName,
} from '../kernel/index.ts'
import type { AccessStores, TimedActor } from './access-stores.ts'
import { type Effects, effectsBetween, readConcerned } from './effects.ts'
import type { Role } from './named-store.sql.ts'
import { assertHolds } from './rank.ts'
import type { PermissionStep } from './roles.ts'

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
  stores: Pick<AccessStores, 'permissions'>,
  roleId: RoleId,
  names: readonly PermissionName[],
): Promise<void> {
  await stores.permissions.replaceOfRole(roleId, await ensurePermissions(stores, names))
}

/**
 * The ids of these permissions; rows that did not exist yet are made. Rejects names whose resource or action does not
 * exist, each in `errors.permissions`.
 */
export async function ensurePermissions(
  { permissions }: Pick<AccessStores, 'permissions'>,
  names: readonly PermissionName[],
): Promise<readonly PermissionId[]> {
  const { ids, unknown } = await permissions.ensure(names)
  if (unknown.length > 0) {
    throw invalidField(
      'permissions',
      ...unknown.map(permission => message('permission.unknown', { permission })),
    )
  }
  return ids
}

/** What roles permit, by the id of the role. Permissions are sorted. */
export type RolePermissions = ReadonlyMap<RoleId, HeldByRole>

export interface HeldByRole extends Pick<Role, 'codeName' | 'requiresAal'> {
  readonly permissions: readonly PermissionName[]
}

/** As gates know a role: one that does not know the second list takes it for a role that permits nothing (ADR 49). */
export const toRoleState = (
  roleId: RoleId,
  { codeName, requiresAal, permissions }: HeldByRole,
): RoleState => ({
  roleId,
  role: codeName,
  ...(requiresAal === null ? { permissions } : { permissions: [], aal2Permissions: permissions }),
})

const noRolePermissions: RolePermissions = new Map()

/**
 * Every permission that some role has gained or lost, sorted: who did it must hold them all. With the level that a role asks for
 * all of its permissions move.
 */
export function permissionsMoved(before: RolePermissions, after: RolePermissions): readonly PermissionName[] {
  const moved = new Set<PermissionName>()
  for (const id of idsOf(before, after)) {
    const old = new Set(before.get(id)?.permissions)
    const now = new Set(after.get(id)?.permissions)
    const isLevelKept = before.get(id)?.requiresAal === after.get(id)?.requiresAal
    for (const name of isLevelKept ? old.symmetricDifference(now) : old.union(now)) moved.add(name)
  }
  return [...moved].sort()
}

/**
 * The changes that the gates must hear of, by the id of the role; a code name that is given up comes before one that is
 * taken. One change for each role, not for each holder: tokens and gates know a role by its id. For a name that is
 * taken the change says since when, for tokens that only name their roles.
 */
export function rolePermissionChanges(
  before: RolePermissions,
  after: RolePermissions,
  nowMs: EpochMs,
): readonly NewChange[] {
  const given: NewChange[] = []
  const taken: NewChange[] = []
  for (const id of idsOf(before, after)) {
    const old = before.get(id)
    const now = after.get(id)
    if (old !== undefined && old.codeName !== now?.codeName) {
      // A role that is only renamed goes on: what is given up then is the name, of which release 0.1.0 must hear.
      const roleId = now === undefined ? id : null
      given.push({ kind: 'role_permissions', roleId, role: old.codeName, permissions: null })
    }
    const isSame = JSON.stringify(old) === JSON.stringify(now)
    if (now !== undefined && old?.codeName !== now.codeName) {
      taken.push({ kind: 'role_made', role: now.codeName, atMs: nowMs })
    }
    if (now !== undefined && !isSame) {
      taken.push({ kind: 'role_permissions', ...toRoleState(id, now) })
    }
  }
  return [...given, ...taken]
}

const idsOf = (before: RolePermissions, after: RolePermissions): readonly RoleId[] =>
  [...new Set([...before.keys(), ...after.keys()])].sort((a, b) => a - b)

type Stores = Pick<AccessStores, 'rights' | 'roles' | 'permissions' | 'changes' | 'assignments'>

interface WrittenRolePermissions<T> {
  readonly written: T
  readonly before: RolePermissions
  readonly after: RolePermissions
  /** Who lost and who gained what by it, for the audit. */
  readonly effects: Effects
}

/**
 * Carries out a write that may change what roles permit, then checks the difference and appends the changes. Every
 * permission that a role gained or lost, under whatever name, must be held by the caller; else the Rejection
 * `permission_denied` rolls everything back. `roleIds` are the roles that stand to change; `madeRole` names one
 * that the write made.
 *
 * INVARIANT: the rights are read before the write: a rename could give them to the one who asks.
 */
export async function writeRolePermissions<T>(
  stores: Stores,
  { principal, nowMs }: TimedActor,
  roleIds: readonly RoleId[],
  write: () => Promise<T>,
  madeRole?: (written: T) => RoleId,
): Promise<WrittenRolePermissions<T>> {
  const { rights, permissions, changes } = stores
  const own = principal === null ? undefined : await rights.ofCaller(principal)
  const before = await lockRolePermissions(stores, roleIds)
  const concerned = await readConcerned(stores, roleIds)
  const written = await write()
  const after = await permissions.permissionsOfRoles(madeRole ? [...roleIds, madeRole(written)] : roleIds)
  if (own !== undefined) assertHolds(own, permissionsMoved(before, after))
  await changes.appendAll(rolePermissionChanges(before, after, nowMs), nowMs)
  return { written, before, after, effects: effectsBetween(before, after, concerned) }
}

/** INVARIANT: roles are locked in the order of their ids, here as everywhere, to avoid a deadlock. */
async function lockRolePermissions(
  { roles, permissions }: Stores,
  roleIds: readonly RoleId[],
): Promise<RolePermissions> {
  if (roleIds.length === 0) return noRolePermissions
  for (const id of roleIds.toSorted((a, b) => a - b)) await roles.lock(id)
  return await permissions.permissionsOfRoles(roleIds)
}
