import type { Change } from '@propusk/gate'
import type { NewChange } from './change-log.ts'

/**
 * What a row says to a gate: a change; nothing; or, where release 0.1.0 wrote it, something about roles that only names
 * them, and so has to be read from the tables instead.
 */
export type Told = Change | 'nothing' | 'only names'

export function toChange(told: NewChange, row: { readonly id: number; readonly expiresAtMs: number }): Told {
  if (told.kind === 'user_roles') {
    const { roles: _, ...change } = told
    // Written by a release that knows no ids, whatever the type says.
    return (told.roleIds as unknown) === undefined ? 'only names' : { ...change, ...row }
  }
  if (told.kind === 'role_permissions') {
    const { roleId } = told
    if (roleId === null) return 'nothing'
    return (roleId as unknown) === undefined ? 'only names' : { ...told, roleId, ...row }
  }
  return { ...told, ...row }
}
