import { lazyRouteComponent } from '@tanstack/react-router'
import { reachesServer } from '../session/index.ts'

/** A part of the page that could not be read: the server cannot be reached, or a newer release has other files. */
export class MissingPieceError extends Error {
  override readonly name = 'MissingPieceError'
}

type Lazy = typeof lazyRouteComponent

/**
 * The router's `lazyRouteComponent`, which by itself would reload the page while the server is down, and leave the reader
 * with an error of the browser.
 */
export const lazyPiece = ((importer: () => Promise<object>, exportName?: string) =>
  lazyRouteComponent(
    () =>
      importer().catch(cause => {
        throw new MissingPieceError('A part of the page could not be read.', { cause })
      }),
    exportName as never,
  )) as Lazy

const storageKey = 'propusk.reloaded'

/** The script that this page began with: its name differs between releases. */
const ownScript = (): string => document.querySelector<HTMLScriptElement>('script[type=module]')?.src ?? ''

/** So long a reload may take, or the browser's question whether to leave, before the page gives up on it. */
const reloadMs = 5_000

/**
 * Loads the page anew, once, after a part of it was missing. Resolves where that is of no use: the server cannot be reached,
 * or the same part was missing before the last reload.
 */
export async function reloadOnce(): Promise<void> {
  if (sessionStorage.getItem(storageKey) === ownScript()) return
  if (!(await reachesServer())) return
  sessionStorage.setItem(storageKey, ownScript())
  window.location.reload()
  await new Promise(resolve => setTimeout(resolve, reloadMs))
}

/** Whether the page was loaded anew by itself: once for each reload. */
export function takeReloaded(): 'no' | 'new_release' | 'same_release' {
  const before = sessionStorage.getItem(storageKey)
  if (before === null || reported) return 'no'
  reported = true
  return before === ownScript() ? 'same_release' : 'new_release'
}
let reported = false
