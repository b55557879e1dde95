import type { AuditEvent } from '@propusk/client'
import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react'
import { useAuditEvents, useLiveState } from '../../../live/index.ts'
import { type List, useList } from '../../../ui/index.ts'
import type { AuditQuery } from '../filters/audit-search.ts'
import { fits } from './fits.ts'

/** When so many have come by themselves, the list is read anew instead of being kept in two halves. */
const mostArrived = 400

interface AuditTail {
  readonly list: List<AuditEvent>
  /** How many have come that are not shown, because somebody reads further down or has paused. */
  readonly waiting: number
  /** Shows those too. */
  show(): void
}

/**
 * The audit, the newest first, and what happens meanwhile on top of it. While it is held, what comes waits: nothing
 * moves under the eyes of somebody who reads.
 */
export function useAuditTail(narrowing: AuditQuery, isHeld: boolean): AuditTail {
  const read = useList('audit', 'listAuditEvents', { ...narrowing })
  const key = JSON.stringify(narrowing)
  const [arrived, setArrived] = useState<readonly AuditEvent[]>([])
  const [heldAt, setHeldAt] = useState<{ key: string; top: AuditEvent }>()

  useAuditEvents(event => {
    if (fits(event, narrowing)) setArrived(known => [event, ...known])
  })
  const [question, setQuestion] = useState(key)
  if (question !== key) {
    // Another question begins with nothing that has come for the old one.
    setQuestion(key)
    setArrived([])
  }
  const isFull = arrived.length > mostArrived
  const readIf = useEffectEvent((isDue: boolean) => isDue && read.retry())
  useEffect(() => {
    readIf(isFull)
  }, [isFull])
  useAfterStart(read.retry)
  // What has been read need not be kept twice.
  const forgetRead = useEffectEvent((rows: readonly AuditEvent[]) => {
    const ids = new Set(rows.map(({ id }) => id))
    if (arrived.some(({ id }) => ids.has(id))) setArrived(arrived.filter(({ id }) => !ids.has(id)))
  })
  useEffect(() => forgetRead(read.rows), [read.rows])

  const all = useMemo(() => {
    if (read.isStale || read.isLoading) return read.rows
    const known = new Set(read.rows.map(({ id }) => id))
    const fresh = arrived.filter(({ id }) => !known.has(id))
    return fresh.length === 0 ? read.rows : [...fresh, ...read.rows].sort(newestFirst)
  }, [arrived, read.rows, read.isStale, read.isLoading])

  const [top] = all
  const hold = useEffectEvent((holds: boolean, key: string) => {
    setHeldAt(holds && top !== undefined ? { key, top } : undefined)
  })
  const holds = isHeld && !read.isLoading && !read.isStale
  useEffect(() => hold(holds, key), [holds, key])

  const bound = isHeld && heldAt?.key === key ? heldAt.top : undefined
  const rows = useMemo(
    () => (bound === undefined ? all : all.filter(event => newestFirst(bound, event) <= 0)),
    [all, bound],
  )
  return {
    list: { ...read, rows },
    waiting: all.length - rows.length,
    show: () => setHeldAt(undefined),
  }
}

/** The order of the API's list. */
const newestFirst = (left: AuditEvent, right: AuditEvent): number =>
  new Date(right.at).getTime() - new Date(left.at).getTime() || right.id - left.id

/** The list may have been read just before the stream began. What is missed later makes every list be read again. */
function useAfterStart(read: () => void): void {
  const { status } = useLiveState()
  const before = useRef(status)
  const readIf = useEffectEvent((isDue: boolean) => isDue && read())
  useEffect(() => {
    readIf(before.current === 'starting' && status === 'on')
    before.current = status
  }, [status])
}
