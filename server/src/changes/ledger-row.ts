import type { Change, ChangeOf } from '@propusk/gate'
import type { NewChange } from './change-log.ts'

/**
 * What a row says to a gate: a change; nothing; or, where release 0.1.0 wrote it, something about roles that only names
 * them, and so has to be read from the tables instead.
 */
export type Told = Change | 'nothing' | 'only names'

/**
 * As a row holds it. Release 0.1.0 refuses a row of a kind that it does not know, and then every request: a change of the
 * catalogue, of which its gate has no need, goes in the form of a role that gives up a name which no role can have.
 */
export type StoredChange =
  | Exclude<NewChange, { kind: 'catalogue_entry' }>
  | {
      readonly kind: 'role_permissions'
      readonly roleId: null
      readonly role: ''
      readonly permissions: null
      readonly entry: Pick<ChangeOf<'catalogue_entry'>, 'part' | 'entryId' | 'codeName'>
    }

export function toStored(change: NewChange): StoredChange {
  if (change.kind !== 'catalogue_entry') return change
  const { kind: _, ...entry } = change
  return { kind: 'role_permissions', roleId: null, role: '', permissions: null, entry }
}

export function toChange(
  told: StoredChange,
  row: { readonly id: number; readonly expiresAtMs: number },
): Told {
  if ('entry' in told) return { kind: 'catalogue_entry', ...told.entry, ...row }
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
