import type { User } from '@propusk/client'
import { api } from '../session/index.ts'

interface RolesChange {
  readonly give?: string
  readonly take?: string
}

/**
 * Gives somebody a role, or takes one away. The API knows only whole lists of roles: the list is read again right before
 * it is written, so that what somebody else gave or took meanwhile stays so.
 */
export async function changeRoles(userId: number, { give, take }: RolesChange): Promise<User> {
  const { roles } = await api.call('readUser', { params: { id: userId } })
  const wanted = new Set(roles)
  if (take !== undefined) wanted.delete(take)
  if (give !== undefined) wanted.add(give)
  return await api.call('changeUser', { params: { id: userId }, body: { roles: [...wanted] } })
}
