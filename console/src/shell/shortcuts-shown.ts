import { useSyncExternalStore } from 'react'

let isShown = false
const listeners = new Set<() => void>()

function set(next: boolean): void {
  isShown = next
  for (const listener of listeners) listener()
}

export const showShortcuts = (): void => set(true)
export const hideShortcuts = (): void => set(false)

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Whether the help of the keys is wanted: by «?», or by the palette. */
export const useShortcutsShown = (): boolean => useSyncExternalStore(subscribe, () => isShown)
