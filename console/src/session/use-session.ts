import type { Profile } from '@propusk/client'
import { useSyncExternalStore } from 'react'
import { onSessionChange, type SessionState, sessionState } from './session.ts'
import type { WithVersion } from './with-version.ts'

export const useSession = (): SessionState => useSyncExternalStore(onSessionChange, sessionState)

let lastProfile: WithVersion<Profile> | undefined
onSessionChange(() => {
  const session = sessionState()
  if (session.status === 'in') lastProfile = session.profile
})

/**
 * The profile of whoever is signed in; of whoever was, for the moment in which a page still stands after its session has
 * ended. Throws a TypeError outside the pages that need a sign-in.
 */
export function useProfile(): WithVersion<Profile> {
  const session = useSession()
  const profile = session.status === 'in' ? session.profile : lastProfile
  if (profile === undefined) throw new TypeError('Nobody is signed in: this page stands outside its shell.')
  return profile
}

/**
 * Whether whoever is signed in may do this, if need be after a proof of who is there, which the server asks for then: what the
 * page shows follows it. The server judges by itself, and refuses the rest all the same.
 */
export function useMay(): (resource: string, action: string) => boolean {
  const { is_superuser, permissions, step_up_permissions: afterStepUp = [] } = useProfile()
  const held = [...permissions, ...afterStepUp]
  return (resource, action) =>
    is_superuser || held.includes(`${resource}:${action}`) || held.includes(`${resource}:all`)
}
