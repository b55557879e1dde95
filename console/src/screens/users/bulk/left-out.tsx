import { useHigherRanks } from '../../../access/index.ts'
import { useProfile } from '../../../session/index.ts'
import type { BulkKind } from './bulk-act.ts'
import classes from './bulk-dialog.module.css'
import { useBulkText } from './messages.ts'

interface Ranked {
  readonly id: number
  readonly is_superuser: boolean
  readonly roles: readonly string[]
}

/** Why an act is not for somebody, by the rules of rank (ADR 33); undefined where it is. The server checks each again. */
export function useReasonToLeaveOut(kind: BulkKind | 'end_sessions'): (person: Ranked) => string | undefined {
  const text = useBulkText()
  const viewer = useProfile()
  const higherRank = useHigherRanks()
  const movesRoles = kind === 'give_role' || kind === 'take_role'
  return person => {
    if (movesRoles && person.id === viewer.id && !viewer.is_superuser) return text('ownRoles')
    const higher = higherRank(person)
    if (higher === undefined) return undefined
    return 'superuser' in higher ? text('onlySuperuser') : text('outranked', higher)
  }
}

export interface LeftOutItem {
  readonly name: string
  readonly reason: string
}

/** Those with whom nothing is done, said before anything is: with the same reason together. */
export function LeftOut({ items }: { readonly items: readonly LeftOutItem[] }) {
  const text = useBulkText()
  if (items.length === 0) return null
  return (
    <div>
      <p className={classes.bad}>{text('leftOut', { count: items.length })}</p>
      <Reasons items={items} />
    </div>
  )
}

export function Reasons({ items }: { readonly items: readonly LeftOutItem[] }) {
  return (
    <ul className={classes.rejections}>
      {[...Map.groupBy(items, ({ reason }) => reason)].map(([reason, those]) => (
        <li key={reason}>
          <p className={classes.reason}>{reason}</p>
          <p className={classes.text}>{those.map(({ name }) => name).join(', ')}</p>
        </li>
      ))}
    </ul>
  )
}
