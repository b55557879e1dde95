import type { Role } from '@propusk/client'
import { useMemo, useState } from 'react'
import { changesOf, type PermissionChanges } from '../../access/index.ts'

export interface PendingChanges extends PermissionChanges {
  readonly held: ReadonlySet<string>
  /** Permissions that are to become otherwise than they are held. */
  readonly flipped: ReadonlySet<string>
  /** Held once what is pending is saved. */
  isWanted(permission: string): boolean
  want(permission: string, isWanted: boolean): void
  discard(): void
}

/**
 * What has been changed in the grid and is not saved yet. Kept as what is wanted, not as what is different: when somebody else makes
 * the same change meanwhile, it is no change any more.
 */
export function usePendingChanges(role: Role): PendingChanges {
  const [wanted, setWanted] = useState<ReadonlyMap<string, boolean>>(new Map())
  return useMemo(() => {
    const held = new Set(role.permissions)
    const flipped = new Set(
      [...wanted].filter(([permission, isWanted]) => held.has(permission) !== isWanted).map(([name]) => name),
    )
    return {
      held,
      flipped,
      ...changesOf(role, flipped),
      isWanted: permission => held.has(permission) !== flipped.has(permission),
      want: (permission, isWanted) => setWanted(before => new Map(before).set(permission, isWanted)),
      discard: () => setWanted(new Map()),
    }
  }, [role, wanted])
}
