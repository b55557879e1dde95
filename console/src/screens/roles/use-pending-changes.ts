import type { Role } from '@propusk/client'
import { useMemo, useState } from 'react'
import { changesOf, type PermissionChanges } from '../../access/index.ts'

export interface PendingChanges extends PermissionChanges {
  readonly held: ReadonlySet<string>
  /** Permissions that are ticked otherwise than they are held. */
  readonly flipped: ReadonlySet<string>
  flip(permission: string): void
  discard(): void
}

/**
 * What has been ticked and is not saved yet. Kept as what is wanted, not as what is different: when somebody else makes
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
      flip(permission) {
        const next = new Map(wanted)
        next.set(permission, held.has(permission) === flipped.has(permission))
        setWanted(next)
      },
      discard: () => setWanted(new Map()),
    }
  }, [role, wanted])
}
