import { createRouter } from '@tanstack/react-router'
import { basePath, onSessionChange, sessionState } from '../session/index.ts'
import { PageError } from '../shell/page-error.tsx'
import { accountRoutes } from './account-routes.ts'
import { consoleRoutes } from './console-routes.ts'
import { queryClient } from './query-client.ts'
import { root } from './root-route.ts'
import { signedOutRoutes, signIn } from './signed-out-routes.ts'

export const router = createRouter({
  routeTree: root.addChildren([...signedOutRoutes, consoleRoutes, accountRoutes]),
  basepath: basePath || '/',
  defaultPreload: 'intent',
  defaultErrorComponent: PageError,
  scrollRestoration: true,
  // Numbers and booleans in an address stay the text that they are: the API reads them.
  parseSearch: text => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: values => {
    const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== '')
    const query = new URLSearchParams(given as [string, string][]).toString()
    return query === '' ? '' : `?${query}`
  },
})

// Each page judges anew whether it needs a sign-in: one may have been signed out meanwhile, in another tab or by an
// administrator. What was read stays until its page is gone, which would otherwise ask for it once more.
let status = sessionState().status
onSessionChange(() => {
  if (sessionState().status === status) return
  status = sessionState().status
  void router.invalidate().then(() => {
    if (sessionState().status === 'out') queryClient.clear()
  })
  // Whoever leaves is led there at once: also when the server has stopped meanwhile.
  if (status === 'in') void Promise.resolve(router.loadRouteChunk(signIn)).catch(() => undefined)
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
