import { Button } from '@mantine/core'
import type { AuditEvent } from '@propusk/client'
import { useNavigate } from '@tanstack/react-router'
import { ArrowUp } from 'lucide-react'
import { useCallback, useMemo, useState } from 'react'
import { useAuditSentence, useTargetNames } from '../../../audit/index.ts'
import { DataTable, NoMatchState, useIsNarrow } from '../../../ui/index.ts'
import { useAuditQuery } from '../filters/audit-search.ts'
import { useAuditText } from '../messages.ts'
import { RevertDialog } from '../revert/revert-dialog.tsx'
import { useAuditColumns, useNarrowAuditColumns } from './audit-columns.tsx'
import classes from './audit-list.module.css'
import { groupRepeats } from './group-repeats.ts'
import { useAuditTail } from './use-audit-tail.ts'

interface AuditListProps {
  readonly isPaused: boolean
  /** The id of the event that is open at the right. */
  readonly chosen: number | undefined
  onResume(): void
}

/** The newest events, for which names are looked up: whoever scrolls on reads ids. */
const namedEvents = 200

export function AuditList({ isPaused, chosen, onResume }: AuditListProps) {
  const text = useAuditText()
  const sentence = useAuditSentence()
  const navigate = useNavigate({ from: '/console/audit' })
  const narrowing = useAuditQuery()
  const [isAtTop, setAtTop] = useState(true)
  const { list, waiting, show } = useAuditTail(narrowing, isPaused || !isAtTop)
  const nameOf = useTargetNames(list.rows.slice(0, namedEvents))
  const [reverting, setReverting] = useState<AuditEvent>()
  const { rows, repeats, showRepeats } = useGrouped(list.rows)
  const context = { nameOf, repeats, onShowRepeats: showRepeats, onRevert: setReverting }
  const wide = useAuditColumns(context)
  const narrow = useNarrowAuditColumns(context)
  const isNarrow = useIsNarrow() || chosen !== undefined
  // A question that is asked anew starts at the top, and so does a table that is drawn anew for it.
  const key = JSON.stringify(narrowing)
  const toTop = () => {
    show()
    onResume()
    document.querySelector('[role=grid] [data-scroller]')?.scrollTo({ top: 0 })
  }
  return (
    <div className={classes.stage}>
      <DataTable
        key={key}
        label={text('title')}
        list={{ ...list, rows }}
        columns={isNarrow ? narrow : wide}
        keyOf={event => event.id}
        nameOf={event => sentence(event, { nameOf })}
        chosen={chosen}
        rowHeight={isNarrow ? 48 : 36}
        slides
        onTop={setAtTop}
        onOpen={event =>
          void navigate({ to: '/console/audit/$id', params: { id: String(event.id) }, search: true })
        }
        empty={<NoMatchState onClear={() => void navigate({ to: '.', search: {}, replace: true })} />}
      />
      <div role="status">
        {waiting > 0 && (
          <Button
            className={classes.pill}
            size="compact-sm"
            radius="xl"
            leftSection={<ArrowUp size={14} aria-hidden />}
            onClick={toTop}
          >
            {text('newEvents', { count: waiting })}
          </Button>
        )}
      </div>
      {reverting !== undefined && (
        <RevertDialog event={reverting} nameOf={nameOf} onClose={() => setReverting(undefined)} />
      )}
    </div>
  )
}

/** The rows with repeats of failures as one each, but for those that were asked for. */
function useGrouped(events: readonly AuditEvent[]) {
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set())
  const grouped = useMemo(() => groupRepeats(events, opened), [events, opened])
  const showRepeats = useCallback((oldest: number) => setOpened(known => new Set([...known, oldest])), [])
  return { ...grouped, showRepeats }
}
