import { api } from '../session/index.ts'
import { listAll } from '../ui/use-list.ts'
import type { AccessChange } from './access-change.ts'
import { changeRoles } from './change-roles.ts'
import { changePermissions } from './permission-changes.ts'

/** Makes the changes through the API, one after the other. Rejects at the first that is refused; those before it stand. */
export async function applyChanges(changes: readonly AccessChange[]): Promise<void> {
  for (const change of changes) await apply(change)
}

async function apply(change: AccessChange): Promise<unknown> {
  switch (change.kind) {
    case 'give_role':
      return await changeRoles(change.user_id, { give: change.role })
    case 'take_role':
      return await changeRoles(change.user_id, { take: change.role })
    case 'grant_permission':
      return await changePermissions(await idOf('listRoles', change.role), {
        added: [change.permission],
        taken: [],
      })
    case 'take_permission':
      return await changePermissions(await idOf('listRoles', change.role), {
        added: [],
        taken: [change.permission],
      })
    case 'deactivate_user':
      return await api.call('changeUser', { params: { id: change.user_id }, body: { is_active: false } })
    case 'reactivate_user':
      return await api.call('changeUser', { params: { id: change.user_id }, body: { is_active: true } })
    case 'delete_role':
      return await api.call('deleteRole', { params: { id: await idOf('listRoles', change.role) } })
    case 'delete_resource':
      return await api.call('deleteResource', {
        params: { id: await idOf('listResources', change.resource) },
      })
    case 'delete_action':
      return await api.call('deleteAction', { params: { id: await idOf('listActions', change.action) } })
  }
}

/** The API changes rows by their ids; changes name them as people do. */
async function idOf(list: 'listRoles' | 'listResources' | 'listActions', codeName: string): Promise<number> {
  const rows = await listAll(list, { search: codeName })
  const row = rows.find(each => each.code_name === codeName)
  if (row === undefined) throw new Error(`There is no ${codeName} any more`)
  return row.id
}

/** What takes the changes back, in the order in which that has to be done; undefined where nothing can. */
export function inverseOf(changes: readonly AccessChange[]): readonly AccessChange[] | undefined {
  const inverses: AccessChange[] = []
  for (const change of changes.toReversed()) {
    const kind = inverseKinds[change.kind]
    if (kind === undefined) return undefined
    inverses.push({ ...change, kind } as AccessChange)
  }
  return inverses
}

const inverseKinds: Partial<Record<AccessChange['kind'], AccessChange['kind']>> = {
  give_role: 'take_role',
  take_role: 'give_role',
  grant_permission: 'take_permission',
  take_permission: 'grant_permission',
  deactivate_user: 'reactivate_user',
  reactivate_user: 'deactivate_user',
}
