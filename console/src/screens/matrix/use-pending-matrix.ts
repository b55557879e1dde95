import type { Role } from '@propusk/client'
import { useMemo, useState } from 'react'
import { type AccessChange, type PermissionChanges, toAccessChanges } from '../../access/index.ts'

export interface RoleChanges extends PermissionChanges {
  readonly role: Role
}

export interface PendingMatrix {
  isHeld(role: Role, permission: string): boolean
  /** Held once what is pending is saved. */
  isWanted(role: Role, permission: string): boolean
  want(role: Role, permission: string, isWanted: boolean): void
  readonly count: number
  readonly byRole: readonly RoleChanges[]
  readonly changes: readonly AccessChange[]
  /** Forgets what is pending: of one role, or all of it. */
  discard(role?: Role): void
}

type Wanted = ReadonlyMap<number, ReadonlyMap<string, boolean>>

/**
 * What has been painted and is not saved yet. Kept as what is wanted, not as what is different: when somebody else makes
 * the same change meanwhile, it is no change any more.
 */
export function usePendingMatrix(roles: readonly Role[]): PendingMatrix {
  const [wanted, setWanted] = useState<Wanted>(new Map())
  return useMemo(() => {
    const held = new Map(roles.map(role => [role.id, new Set(role.permissions)]))
    const isHeld = (role: Role, permission: string) => held.get(role.id)?.has(permission) === true
    const byRole = roles
      .map(role => {
        const differing = [...(wanted.get(role.id) ?? [])].filter(
          ([permission, isWanted]) => isHeld(role, permission) !== isWanted,
        )
        const named = (isWanted: boolean) =>
          differing.filter(([, wanted]) => wanted === isWanted).map(([permission]) => permission)
        return { role, added: named(true), taken: named(false) }
      })
      .filter(({ added, taken }) => added.length + taken.length > 0)
    return {
      isHeld,
      isWanted: (role, permission) => wanted.get(role.id)?.get(permission) ?? isHeld(role, permission),
      want(role, permission, isWanted) {
        setWanted(before => {
          const ofRole = new Map(before.get(role.id)).set(permission, isWanted)
          return new Map(before).set(role.id, ofRole)
        })
      },
      count: byRole.reduce((sum, { added, taken }) => sum + added.length + taken.length, 0),
      byRole,
      changes: byRole.flatMap(({ role, ...changes }) => toAccessChanges(role.code_name, changes)),
      discard(role) {
        if (role === undefined) setWanted(new Map())
        else setWanted(before => new Map([...before].filter(([id]) => id !== role.id)))
      },
    }
  }, [roles, wanted])
}
