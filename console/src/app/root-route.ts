import { createRootRoute, redirect } from '@tanstack/react-router'
import { sessionState } from '../session/index.ts'
import { NotFoundAlone } from '../shell/not-found.tsx'

export const root = createRootRoute({ notFoundComponent: NotFoundAlone })

/** Values of an address are texts; what is no text, or empty, is as good as absent. */
export const texts =
  <const Names extends readonly string[]>(...names: Names) =>
  (search: Record<string, unknown>): { [Name in Names[number]]?: string | undefined } =>
    Object.fromEntries(
      names
        .filter(name => search[name] !== undefined && search[name] !== '')
        .map(name => [name, String(search[name])]),
    ) as { [Name in Names[number]]?: string | undefined }

/** Whoever is not signed in is led to the sign-in page, and back to where they were going. */
export const needsSignIn = ({ location }: { location: { href: string } }) => {
  if (sessionState().status === 'out')
    throw redirect({ to: '/account/sign-in', search: { to: location.href } })
}
