import type { Role } from '@propusk/client'
import { api } from '../session/index.ts'
import type { AccessChange } from './access-change.ts'

/** What is added to a role and what is taken from it, each as `resource:action`. */
export interface PermissionChanges {
  readonly added: readonly string[]
  readonly taken: readonly string[]
}

export const inverse = ({ added, taken }: PermissionChanges): PermissionChanges => ({
  added: taken,
  taken: added,
})

/** The permissions that are ticked otherwise than the role holds them. */
export const changesOf = (role: Role, flipped: ReadonlySet<string>): PermissionChanges => ({
  added: [...flipped].filter(permission => !role.permissions.includes(permission)).sort(),
  taken: role.permissions.filter(permission => flipped.has(permission)),
})

export const toAccessChanges = (
  role: string,
  { added, taken }: PermissionChanges,
): readonly AccessChange[] => [
  ...added.map(permission => ({ kind: 'grant_permission' as const, role, permission })),
  ...taken.map(permission => ({ kind: 'take_permission' as const, role, permission })),
]

/**
 * Makes the changes to the role as it is now: all of them at once, or none where the role is changed by somebody else in
 * this very moment. Gives back what was really changed.
 */
export async function changePermissions(
  roleId: number,
  changes: PermissionChanges,
): Promise<PermissionChanges> {
  const params = { id: roleId }
  const { value, etag } = await api.callVersioned('readRole', { params })
  const held = new Set(value.permissions)
  const added = changes.added.filter(permission => !held.has(permission))
  const taken = changes.taken.filter(permission => held.has(permission))
  const wanted = held.union(new Set(added)).difference(new Set(taken))
  if (added.length + taken.length > 0) {
    await api.call('changeRole', { params, body: { permissions: [...wanted] }, ifMatch: etag })
  }
  return { added, taken }
}
