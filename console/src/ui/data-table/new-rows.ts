import { useEffect, useEffectEvent, useRef, useSyncExternalStore } from 'react'
import type { List } from '../use-list.ts'

/** As long as a look needs to find its row. */
const shownForMs = 5_000

const none: ReadonlySet<number> = new Set()
const highlighted = new Map<string, ReadonlySet<number>>()
const listeners = new Set<() => void>()

function set(kind: string, keys: ReadonlySet<number>): void {
  if (keys.size === 0) highlighted.delete(kind)
  else highlighted.set(kind, keys)
  for (const listener of listeners) listener()
}

/** Highlights rows for a moment in the list of this kind, once they are in it. */
export function highlightRows(kind: string, keys: readonly number[]): void {
  set(kind, new Set([...(highlighted.get(kind) ?? []), ...keys]))
  const over = new Set(keys)
  setTimeout(() => set(kind, (highlighted.get(kind) ?? none).difference(over)), shownForMs)
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

interface Seen {
  readonly question: string
  readonly pages: number
  readonly keys: ReadonlySet<number>
  readonly hasMore: boolean
}

/** The rows to highlight: those that were highlighted, and those that come into the list while its question stays. */
export function useNewRows<Row>(
  kind: string | undefined,
  list: List<Row>,
  keyOf: (row: Row) => number,
): ReadonlySet<number> {
  const seen = useRef<Seen>(undefined)
  const look = useEffectEvent(({ rows, question, pages, hasMore }: List<Row>) => {
    const before = seen.current
    const keys = rows.map(keyOf)
    seen.current = { question, pages, keys: new Set(keys), hasMore }
    if (kind === undefined || before?.question !== question || before.pages !== pages) return
    const come = keysThatCame(keys, before)
    if (come.length > 0) highlightRows(kind, come)
  })
  // Rows of an earlier question tell nothing about this one.
  const isAnswer = !list.isLoading && !list.isStale
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list is another object at each drawing; these tell what is in it.
  useEffect(() => {
    if (isAnswer) look(list)
  }, [list.rows, list.question, isAnswer])
  return useSyncExternalStore(subscribe, () => (kind === undefined ? none : (highlighted.get(kind) ?? none)))
}

/** Where more rows wait at the end, one that was there before moves up when another is gone: it is not new. */
export function keysThatCame(keys: readonly number[], before: Pick<Seen, 'keys' | 'hasMore'>) {
  const lastKnown = keys.findLastIndex(key => before.keys.has(key))
  return keys.filter((key, index) => !before.keys.has(key) && (index < lastKnown || !before.hasMore))
}
