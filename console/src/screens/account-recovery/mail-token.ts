import { useSyncExternalStore } from 'react'

/** SECRET: the token of the link of a mail that was opened. It lives in this variable, for as long as the page does. */
interface Opened {
  readonly token: string
}

const pages = /\/account\/(?:reset|confirm|activate|undo|not_me|email|code|invitation)\/?$/

let opened: Opened | undefined
const listeners = new Set<() => void>()

/**
 * Takes the token out of the address, before a request is sent: what stays there is copied along, kept in the browser's
 * history and seen by who looks on. Nothing is sent before a person presses a button.
 */
export function watchMailLink(): void {
  take()
  window.addEventListener('hashchange', take)
}

function take(): void {
  const { pathname, search, hash } = window.location
  const token = new URLSearchParams(hash.slice(1)).get('t')
  if (token === null || !pages.test(pathname)) return
  window.history.replaceState(window.history.state, '', pathname + search)
  opened = { token }
  for (const listener of listeners) listener()
}

function onOpened(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The token of the newest link that was opened, if the page was opened by one. */
export const useMailToken = (): string | undefined => useSyncExternalStore(onOpened, () => opened)?.token

/** The link was used, or a person types a code in its place. */
export function forgetMailToken(): void {
  opened = undefined
  for (const listener of listeners) listener()
}
