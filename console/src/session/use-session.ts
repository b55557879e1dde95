import type { Profile } from '@propusk/client'
import { useSyncExternalStore } from 'react'
import { onSessionChange, type SessionState, sessionState } from './session.ts'
import type { WithVersion } from './with-version.ts'

export const useSession = (): SessionState => useSyncExternalStore(onSessionChange, sessionState)

/** The profile of whoever is signed in. Throws a TypeError outside the pages that need a sign-in. */
export function useProfile(): WithVersion<Profile> {
  const session = useSession()
  if (session.status !== 'in') throw new TypeError('Nobody is signed in: this page stands outside its shell.')
  return session.profile
}

/**
 * Whether whoever is signed in may do this: what the page shows follows it. The server judges by itself, and refuses the
 * rest all the same.
 */
export function useMay(): (resource: string, action: string) => boolean {
  const { is_superuser, permissions } = useProfile()
  return (resource, action) =>
    is_superuser || permissions.includes(`${resource}:${action}`) || permissions.includes(`${resource}:all`)
}
