import { useEffect, useEffectEvent, useRef } from 'react'
import type { List } from '../use-list.ts'

interface ChosenRowOptions<Row> {
  readonly list: List<Row>
  readonly chosen: number | undefined
  keyOf(row: Row): number
  /** Brings the row at this place into sight. */
  show(index: number): void
}

/**
 * A link to one of the rows leads to it in the list, too: when another is chosen, when the list is asked otherwise, and when
 * the row comes into the list. Who scrolls on and so loads it is not carried away from where they are. Gives whether the
 * chosen one is missing among the rows.
 */
export function useChosenRow<Row>({ list, chosen, keyOf, show }: ChosenRowOptions<Row>): boolean {
  const { question, pages } = list
  const isAnswer = !list.isLoading && !list.isStale
  const index = chosen === undefined ? -1 : list.rows.findIndex(row => keyOf(row) === chosen)
  const isThere = index !== -1
  const last = useRef<{ chosen: number | undefined; question: string; pages: number; isThere: boolean }>(
    undefined,
  )
  const showIt = useEffectEvent(() => show(index))
  useEffect(() => {
    if (!isAnswer) return
    const before = last.current
    last.current = { chosen, question, pages, isThere }
    const isNews =
      before === undefined ||
      before.chosen !== chosen ||
      before.question !== question ||
      (before.pages === pages && !before.isThere)
    if (isThere && isNews) showIt()
  }, [chosen, question, pages, isThere, isAnswer])
  return chosen !== undefined && isAnswer && !isThere
}
