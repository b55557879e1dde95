import type { User } from '@propusk/client'
import { useState } from 'react'
import type { Selection } from '../../../ui/index.ts'

/**
 * Who is ticked in the list. They are kept as they were seen, so that a bulk action can name them. A list that is
 * narrowed otherwise begins anew: nothing is done to somebody who is out of sight.
 */
export function useChosenUsers(rows: readonly User[], narrowing: string) {
  const [kept, setKept] = useState<{ narrowing: string; users: ReadonlyMap<number, User> }>({
    narrowing,
    users: new Map(),
  })
  const users = kept.narrowing === narrowing ? kept.users : new Map<number, User>()
  const shown = new Map(rows.map(user => [user.id, user]))
  const selection: Selection = {
    keys: new Set(users.keys()),
    change(keys) {
      const known = [...keys].map(key => shown.get(key) ?? users.get(key)).filter(user => user !== undefined)
      setKept({ narrowing, users: new Map(known.map(user => [user.id, user])) })
    },
  }
  return {
    selection,
    /** With what has changed since they were ticked, for those that are still loaded. */
    chosen: [...users.values()].map(user => shown.get(user.id) ?? user),
    clear: () => setKept({ narrowing, users: new Map() }),
  }
}
