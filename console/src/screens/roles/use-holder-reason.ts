import type { User } from '@propusk/client'
import { useHigherRanks } from '../../access/index.ts'
import { useProfile } from '../../session/index.ts'
import { useHolderText } from './holder-messages.ts'

/** Why somebody’s roles cannot be changed by whoever is signed in, whatever the role (ADR 33); undefined where they can. */
export function useHolderReason(): (person: User) => string | undefined {
  const text = useHolderText()
  const viewer = useProfile()
  const higherRankOf = useHigherRanks()
  return person => {
    if (viewer.is_superuser) return undefined
    if (person.id === viewer.id) return text('ownRoles')
    const higher = higherRankOf(person)
    if (higher === undefined) return undefined
    return 'superuser' in higher ? text('higherSuperuser') : text('higherPermission', higher)
  }
}
