import { type Message, message, splitPermissionName, type UserId } from '../../kernel/index.ts'
import { checkRoleListLength, roleListLength } from '../replace-roles.ts'
import type { AccessChange, AccessChangeKind, AccessModel, ChangeField, ModelUser } from './access-model.ts'
import type { Pace } from './pace.ts'

/** A change that the server refuses to every caller. */
export interface RejectedChange {
  /** Its place among the changes. */
  readonly index: number
  readonly field: ChangeField
  readonly message: Message
}

type Part = 'resource' | 'action'

interface Draft {
  readonly resources: Map<string, boolean>
  readonly actions: Map<string, boolean>
  readonly roles: Map<string, ReadonlySet<string>>
  readonly users: Map<UserId, ModelUser>
  activeSuperusers: number
  /** Roles whose set is a copy of this draft, and may be written to: a large one is copied once, not with each change. */
  readonly copied: Set<string>
  /** What was deleted: their permissions are taken out of all roles at the end, in one walk (`dropDeleted`). */
  readonly deleted: Readonly<Record<Part, Set<string>>>
}

type ChangeOf<Kind extends AccessChangeKind> = Extract<AccessChange, { kind: Kind }>
type Rejected = Omit<RejectedChange, 'index'> | undefined
type Apply<Kind extends AccessChangeKind> = (draft: Draft, change: ChangeOf<Kind>) => Rejected

/**
 * The model after the changes, made one after the other; the given model is not modified. A change without an effect is
 * not counted. Changes that the server refuses to every caller become faults and are left out: an unknown name, a
 * built-in one, the last active superuser, more roles than a token has room for. The rank of the caller is not checked
 * here.
 */
export async function applyChanges(
  model: AccessModel,
  changes: readonly AccessChange[],
  pace: Pace,
): Promise<{ readonly model: AccessModel; readonly faults: readonly RejectedChange[] }> {
  const draft: Draft = {
    resources: new Map(model.resources),
    actions: new Map(model.actions),
    roles: new Map(model.roles),
    users: new Map(model.users),
    activeSuperusers: model.activeSuperusers,
    copied: new Set(),
    deleted: { resource: new Set(), action: new Set() },
  }
  const faults: RejectedChange[] = []
  for (const [index, change] of changes.entries()) {
    const apply = appliers[change.kind] as Apply<AccessChangeKind>
    const copied = draft.copied.size
    const refused = apply(draft, change)
    if (refused !== undefined) faults.push({ index, ...refused })
    const grants = draft.copied.size > copied && 'role' in change ? draft.roles.get(change.role)!.size : 0
    await pace.did(1 + draft.users.size + grants / 4)
  }
  await dropDeleted(draft, pace)
  return { model: draft, faults }
}

const appliers: { readonly [Kind in AccessChangeKind]: Apply<Kind> } = {
  grant_permission: (draft, { role, permission }) =>
    changePermissions(draft, role, permission, held => held.add(permission)),
  take_permission: (draft, { role, permission }) =>
    changePermissions(draft, role, permission, held => held.delete(permission)),
  give_role: (draft, { userId, role }) => changeRoles(draft, userId, role, held => new Set([...held, role])),
  take_role: (draft, { userId, role }) =>
    changeRoles(draft, userId, role, held => held.difference(new Set([role]))),
  deactivate_user: (draft, { userId }) => changeActive(draft, userId, false),
  reactivate_user: (draft, { userId }) => changeActive(draft, userId, true),
  delete_role: deleteRole,
  delete_resource: (draft, { resource }) => deleteEntry(draft, 'resource', resource),
  delete_action: (draft, { action }) => deleteEntry(draft, 'action', action),
}

function changePermissions(
  { resources, actions, roles, copied }: Draft,
  role: string,
  permission: string,
  change: (held: Set<string>) => unknown,
): Rejected {
  const held = roles.get(role)
  if (held === undefined) return unknownRole(role)
  const parts = splitPermissionName(permission)
  if (parts === undefined) return { field: 'permission', message: message('permission.malformed') }
  if (!resources.has(parts.resource) || !actions.has(parts.action)) {
    return { field: 'permission', message: message('permission.unknown', { permission }) }
  }
  const own = copied.has(role) ? (held as Set<string>) : new Set(held)
  copied.add(role)
  roles.set(role, own)
  change(own)
  return undefined
}

function changeRoles(
  { roles, users }: Draft,
  userId: UserId,
  role: string,
  change: (held: ReadonlySet<string>) => ReadonlySet<string>,
): Rejected {
  const user = users.get(userId)
  if (user === undefined) return unknownUser(userId)
  if (!roles.has(role)) return unknownRole(role)
  const changed = change(user.roles)
  const length = roleListLength([...changed])
  const isLonger = length > roleListLength([...user.roles])
  const tooLong = isLonger ? checkRoleListLength(length, 'roles.too_long') : undefined
  if (tooLong !== undefined) return { field: 'role', message: tooLong }
  users.set(userId, { ...user, roles: changed })
  return undefined
}

function changeActive(draft: Draft, userId: UserId, isActive: boolean): Rejected {
  const user = draft.users.get(userId)
  if (user === undefined) return unknownUser(userId)
  if (user.isActive === isActive) return undefined
  if (user.isSuperuser) {
    if (!isActive && draft.activeSuperusers <= 1) {
      return { field: 'user_id', message: message('permission.last_superuser') }
    }
    draft.activeSuperusers += isActive ? 1 : -1
  }
  draft.users.set(userId, { ...user, isActive })
  return undefined
}

function deleteRole({ roles, users }: Draft, { role }: ChangeOf<'delete_role'>): Rejected {
  if (!roles.delete(role)) return unknownRole(role)
  for (const [userId, user] of users) {
    if (user.roles.has(role)) users.set(userId, { ...user, roles: user.roles.difference(new Set([role])) })
  }
  return undefined
}

/** Its permissions go with it. No change can name them from here on, so they may be taken out of the roles later. */
function deleteEntry(draft: Draft, part: Part, name: string): Rejected {
  const entries = part === 'resource' ? draft.resources : draft.actions
  const isBuiltin = entries.get(name)
  if (isBuiltin === undefined) return { field: part, message: message(`${part}.unknown`, { [part]: name }) }
  if (isBuiltin) return { field: part, message: message('builtin.protected') }
  entries.delete(name)
  draft.deleted[part].add(name)
  return undefined
}

async function dropDeleted({ roles, deleted: { resource, action } }: Draft, pace: Pace): Promise<void> {
  if (resource.size + action.size === 0) return
  const isGone = (permission: string) => {
    const parts = splitPermissionName(permission)
    return parts !== undefined && (resource.has(parts.resource) || action.has(parts.action))
  }
  for (const [role, held] of roles) {
    const kept = new Set<string>()
    for (const permission of held) {
      if (!isGone(permission)) kept.add(permission)
      const turn = pace.did(1)
      if (turn !== undefined) await turn
    }
    if (kept.size < held.size) roles.set(role, kept)
  }
}

const unknownRole = (role: string): Rejected => ({
  field: 'role',
  message: message('role.unknown', { role }),
})

const unknownUser = (userId: UserId): Rejected => ({
  field: 'user_id',
  message: message('user.unknown', { user: userId }),
})
