import { changeRoles } from '../../../access/index.ts'
import { api, readUser, type WithVersion, withVersion } from '../../../session/index.ts'
import type { Revertible, RevertStep, Row } from './reversal.ts'

/** A person or an entry as it is now, with its version. */
export async function readRow(
  resource: Revertible,
  id: number,
  signal: AbortSignal,
): Promise<WithVersion<Row>> {
  const request = { params: { id }, signal }
  switch (resource) {
    case 'users':
      return { ...(await readUser(id, signal)) }
    case 'roles':
      return { ...(await withVersion(api.callVersioned('readRole', request))) }
    case 'resources':
      return { ...(await withVersion(api.callVersioned('readResource', request))) }
    case 'actions':
      return { ...(await withVersion(api.callVersioned('readAction', request))) }
  }
}

/**
 * Does the steps, by the same routes as any change. All together rest on the version that was shown; a single role is given
 * or taken whatever else the person holds by now.
 */
export async function applyReversal(
  resource: Revertible,
  row: WithVersion<Row>,
  steps: readonly RevertStep[],
): Promise<void> {
  const [only] = steps
  if (steps.length === 1 && (only?.kind === 'give_role' || only?.kind === 'take_role')) {
    await changeRoles(row.id, only.kind === 'give_role' ? { give: only.role } : { take: only.role })
    return
  }
  const request = { params: { id: row.id }, body: bodyOf(steps, row), ifMatch: row.etag }
  switch (resource) {
    case 'users':
      await api.call('changeUser', request)
      return
    case 'roles':
      await api.call('changeRole', request)
      return
    case 'resources':
      await api.call('changeResource', request)
      return
    case 'actions':
      await api.call('changeAction', request)
  }
}

/** The fields that are written: single values, and the whole lists of roles or permissions. */
function bodyOf(steps: readonly RevertStep[], row: Row): Record<string, unknown> {
  const fields = steps.flatMap(step => (step.kind === 'set' ? [[step.field, step.was] as const] : []))
  const roles = steps.flatMap(step =>
    'role' in step ? [[step.kind === 'give_role', step.role] as const] : [],
  )
  const permissions = steps.flatMap(step =>
    'permission' in step ? [[step.kind === 'grant_permission', step.permission] as const] : [],
  )
  return {
    ...Object.fromEntries(fields),
    ...(roles.length > 0 && { roles: merged(row.roles, roles) }),
    ...(permissions.length > 0 && { permissions: merged(row.permissions, permissions) }),
  }
}

/** The list with these names in it or out of it. */
function merged(list: unknown, wanted: readonly (readonly [boolean, string])[]): readonly string[] {
  const names = new Set(list as readonly string[])
  for (const [isWanted, name] of wanted) {
    if (isWanted) names.add(name)
    else names.delete(name)
  }
  return [...names].sort()
}
