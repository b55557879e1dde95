import type { User } from '@propusk/client'
import { api, readUser } from '../../../session/index.ts'
import type { Outcome } from './run-bulk.ts'

/** What can be done to many people at once. */
export type BulkKind = 'deactivate' | 'reactivate' | 'log_out' | 'give_role' | 'take_role'

export interface BulkAct {
  readonly kind: BulkKind
  /** Of `give_role` and `take_role`. */
  readonly role?: string
}

/** Does it to one person. Rejects with the ProblemError of the server. */
export async function actOn({ kind, role = '' }: BulkAct, { id }: User): Promise<Outcome> {
  if (kind === 'log_out') {
    const { revoked } = await api.call('revokeAllTokensOfUser', { params: { user_id: id } })
    return revoked > 0 ? 'done' : 'unchanged'
  }
  // Somebody else may have changed the person since the list was read.
  const { is_active, roles, etag } = await readUser(id)
  const body = changeOf(kind, role, { is_active, roles })
  if (body === undefined) return 'unchanged'
  await api.call('changeUser', { params: { id }, body, ifMatch: etag })
  return 'done'
}

function changeOf(
  kind: Exclude<BulkKind, 'log_out'>,
  role: string,
  { is_active, roles }: Pick<User, 'is_active' | 'roles'>,
): { readonly is_active: boolean } | { readonly roles: readonly string[] } | undefined {
  const isHeld = roles.includes(role)
  switch (kind) {
    case 'deactivate':
      return is_active ? { is_active: false } : undefined
    case 'reactivate':
      return is_active ? undefined : { is_active: true }
    case 'give_role':
      return isHeld ? undefined : { roles: [...roles, role] }
    case 'take_role':
      return isHeld ? { roles: roles.filter(held => held !== role) } : undefined
  }
}
