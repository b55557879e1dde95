import { useSyncExternalStore } from 'react'

/** SECRET: the token of the link that was opened. It lives in this variable, for as long as the page does. */
interface Opened {
  readonly token: string
}

let opened: Opened | undefined
const listeners = new Set<() => void>()

/**
 * Takes the token out of the address, before a request is sent: what stays there is copied along, kept in the browser's
 * history and seen by who looks on. A link that is opened in a tab where this page is open already changes the fragment
 * only, and loads nothing.
 */
export function watchSetupLink(): void {
  take()
  window.addEventListener('hashchange', take)
}

function take(): void {
  const { pathname, hash } = window.location
  const token = new URLSearchParams(hash.slice(1)).get('token')
  if (token === null || !/\/console\/setup\/?$/.test(pathname)) return
  window.history.replaceState(window.history.state, '', pathname)
  opened = { token }
  for (const listener of listeners) listener()
}

function onOpened(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** What the newest link that was opened holds; another object each time, also for the same link. */
export const useSetupLink = (): Opened | undefined => useSyncExternalStore(onOpened, () => opened)
