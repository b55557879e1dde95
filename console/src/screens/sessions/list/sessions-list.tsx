import type { Session } from '@propusk/client'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { MonitorSmartphone } from 'lucide-react'
import { useCallback } from 'react'
import { useMay } from '../../../session/index.ts'
import {
  type Column,
  DataTable,
  describeDevice,
  EmptyState,
  NoMatchState,
  useCommonText,
  useList,
} from '../../../ui/index.ts'
import { SessionsBar } from '../bulk/sessions-bar.tsx'
import { useSessionsText } from '../messages.ts'
import { filterOf, type Shown, shownBy } from './shown.ts'
import { useChosenSessions } from './use-chosen-sessions.ts'

/** Among everybody's by what the server finds at once, however many there are; one person's, or few, by what tells more. */
const firstOrdering = (shown: Shown, userId: string | undefined): string => {
  if (shown === 'ended') return '-ended_at'
  return userId === undefined ? '-created_at' : '-last_used_at'
}

interface SessionsListProps {
  readonly columns: readonly Column<Session>[]
  /** The id of the session that is open at the right. */
  readonly chosen: number | undefined
}

export function SessionsList({ columns, chosen }: SessionsListProps) {
  const text = useSessionsText()
  const common = useCommonText()
  const may = useMay()
  const navigate = useNavigate({ from: '/console/sessions' })
  const { is_active, user_id, ordering } = useSearch({ from: '/console/sessions' })
  const shown = shownBy(is_active)
  const sorted = ordering ?? firstOrdering(shown, user_id)
  const narrowing = { ...filterOf(shown), user_id, ordering: sorted }
  const list = useList('sessions', 'listSessions', narrowing, { counts: true })
  const ticked = useChosenSessions(list.rows, JSON.stringify([shown, user_id]))
  // Beside an open session one thing at a time is enough; and there is nothing to be done with those that are over.
  const mayChoose =
    chosen === undefined && shown === 'live' && (may('sessions', 'update') || may('sessions', 'delete'))
  const nameOf = useCallback(
    ({ user_agent, ip_address }: Session) =>
      `${describeDevice(user_agent).name || common('unknownDevice')}, ${ip_address}`,
    [common],
  )
  const clear = () => void navigate({ to: '.', search: {}, replace: true })

  return (
    <>
      <DataTable
        label={text('title')}
        list={list}
        columns={columns}
        keyOf={session => session.id}
        nameOf={nameOf}
        chosen={chosen}
        ordering={sorted}
        onOrder={next =>
          void navigate({ to: '.', search: old => ({ ...old, ordering: next }), replace: true })
        }
        onOpen={session =>
          void navigate({ to: '/console/sessions/$id', params: { id: String(session.id) }, search: true })
        }
        {...(mayChoose && { selection: ticked.selection })}
        countText={(count, isExact) => text(isExact ? 'count' : 'countMore', { count })}
        empty={
          user_id === undefined && shown === 'live' ? (
            <EmptyState icon={<MonitorSmartphone />} title={text('noneLive')} />
          ) : (
            <NoMatchState onClear={clear} />
          )
        }
      />
      {mayChoose && <SessionsBar sessions={ticked.chosen} onClear={ticked.clear} />}
    </>
  )
}
