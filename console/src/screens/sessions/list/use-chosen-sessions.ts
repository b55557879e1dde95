import type { Session } from '@propusk/client'
import { useState } from 'react'
import type { Selection } from '../../../ui/index.ts'

/**
 * Which sessions are ticked. One that is over meanwhile leaves by itself as the list is read again; a list that is
 * narrowed otherwise begins anew: nothing is done to what is out of sight.
 */
export function useChosenSessions(rows: readonly Session[], narrowing: string) {
  const [kept, setKept] = useState<{ narrowing: string; keys: ReadonlySet<number> }>({
    narrowing,
    keys: new Set(),
  })
  const keys = kept.narrowing === narrowing ? kept.keys : new Set<number>()
  const chosen = rows.filter(({ id }) => keys.has(id))
  const selection: Selection = {
    keys: new Set(chosen.map(({ id }) => id)),
    change: next => setKept({ narrowing, keys: next }),
  }
  return { selection, chosen, clear: () => setKept({ narrowing, keys: new Set() }) }
}
