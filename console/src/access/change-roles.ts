import { api } from '../session/index.ts'

export interface RoleChange {
  readonly give?: string
  readonly take?: string
}

/** Gives somebody a role, or takes one away, whatever other roles they hold by now. */
export async function changeRoles(userId: number, { give, take }: RoleChange): Promise<void> {
  if (take !== undefined) await api.call('takeRole', { params: { id: userId, code_name: take } })
  if (give !== undefined) await api.call('giveRole', { params: { id: userId, code_name: give } })
}
