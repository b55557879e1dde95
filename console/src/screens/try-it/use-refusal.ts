import type { User } from '@propusk/client'
import { type AccessChange, useFirstNotHeld, useHigherRank, useWholeList } from '../../access/index.ts'
import { useMay, useProfile } from '../../session/index.ts'
import { useTryText } from './messages.ts'

/** Why the rules of rank (ADR 33) refuse a change to the signed-in person; undefined where they do not. The server checks again. */
export function useRefusal(person: User): (changes: readonly AccessChange[]) => string | undefined {
  const text = useTryText()
  const may = useMay()
  const viewer = useProfile()
  const higher = useHigherRank(person)
  const firstNotHeld = useFirstNotHeld()
  const { data: roles = [] } = useWholeList('roles', 'listRoles', { isOn: may('roles', 'read') })

  const ofAccount = () =>
    higher && ('superuser' in higher ? text('higherSuperuser') : text('higherPermission', higher))
  const ofPermissions = (permissions: readonly string[]) => {
    const permission = firstNotHeld(permissions)
    return permission && text('notHeld', { permission })
  }
  const ofChange = (change: AccessChange): string | undefined => {
    switch (change.kind) {
      case 'give_role':
      case 'take_role':
        if (person.id === viewer.id && !viewer.is_superuser) return text('ownRoles')
        return (
          ofAccount() ??
          ofPermissions(roles.find(({ code_name }) => code_name === change.role)?.permissions ?? [])
        )
      case 'grant_permission':
      case 'take_permission':
        return ofPermissions([change.permission])
      case 'deactivate_user':
      case 'reactivate_user':
        return ofAccount()
      default:
        return undefined
    }
  }
  return changes => changes.map(ofChange).find(reason => reason !== undefined)
}
