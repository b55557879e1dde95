import { useState } from 'react'

/** Which columns somebody has chosen for a table; kept in the browser, as any preference. */
export function useShownColumns(
  table: string,
  atFirst: readonly string[],
): readonly [shown: readonly string[], change: (shown: readonly string[]) => void] {
  const storageKey = `propusk.columns.${table}`
  const [shown, setShown] = useState(() => localStorage.getItem(storageKey)?.split(' ') ?? atFirst)
  return [
    shown,
    next => {
      localStorage.setItem(storageKey, next.join(' '))
      setShown(next)
    },
  ]
}
