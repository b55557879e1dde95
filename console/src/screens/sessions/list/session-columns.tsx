import type { Session } from '@propusk/client'
import { useMemo } from 'react'
import { Ago, type Column, Device } from '../../../ui/index.ts'
import { useSessionsText } from '../messages.ts'
import { useEndReason } from '../use-end-reason.ts'
import { SessionPerson } from './session-person.tsx'
import { SessionState } from './session-state.tsx'
import type { Shown } from './shown.ts'

/** What is worth a column depends on what is shown: of a live session when it will be over, of an ended one why it is. */
export function useSessionColumns(shown: Shown): readonly Column<Session>[] {
  const text = useSessionsText()
  const reason = useEndReason()
  return useMemo(() => {
    const common: readonly Column<Session>[] = [
      {
        id: 'person',
        header: text('person'),
        width: 'minmax(210px, 2fr)',
        cell: session => <SessionPerson session={session} />,
      },
      {
        id: 'device',
        header: text('device'),
        width: 'minmax(170px, 1.4fr)',
        ordering: 'user_agent',
        cell: ({ user_agent }) => <Device userAgent={user_agent} />,
      },
      {
        id: 'address',
        header: text('address'),
        width: 'minmax(120px, 0.8fr)',
        ordering: 'ip_address',
        cell: ({ ip_address }) => <code title={ip_address}>{ip_address}</code>,
      },
      {
        id: 'created_at',
        header: text('began'),
        width: '130px',
        ordering: 'created_at',
        cell: ({ created_at }) => <Ago at={created_at} />,
      },
      {
        id: 'last_used_at',
        header: text('lastUsed'),
        width: '130px',
        ordering: 'last_used_at',
        cell: ({ last_used_at }) => <Ago at={last_used_at} />,
      },
    ]
    const expires: Column<Session> = {
      id: 'expires_at',
      header: text('expires'),
      width: '130px',
      ordering: 'expires_at',
      cell: ({ expires_at }) => <Ago at={expires_at} />,
    }
    const ended: Column<Session> = {
      id: 'ended_at',
      header: text('over'),
      width: '130px',
      ordering: 'ended_at',
      cell: ({ ended_at }) => ended_at !== null && <Ago at={ended_at} />,
    }
    const why: Column<Session> = {
      id: 'end_reason',
      header: text('why'),
      width: 'minmax(150px, 1fr)',
      ordering: 'end_reason',
      cell: session => !session.is_active && <span title={reason(session)}>{reason(session)}</span>,
    }
    const state: Column<Session> = {
      id: 'is_active',
      header: text('state'),
      width: '110px',
      ordering: 'is_active',
      cell: session => <SessionState session={session} />,
    }
    if (shown === 'live') return [...common, expires]
    return shown === 'ended' ? [...common, ended, why] : [...common, state, why]
  }, [text, reason, shown])
}

/** On a tablet: who, on what, when last, and until when or why not. */
export function useMiddleColumns(shown: Shown): readonly Column<Session>[] {
  const columns = useSessionColumns(shown)
  const last = shown === 'live' ? 'expires_at' : 'end_reason'
  return columns.filter(({ id }) => ['person', 'device', 'last_used_at', last].includes(id))
}

/** Beside an open session, and on a phone: who and on what; the rest stands in the detail. */
export function useNarrowColumns(): readonly Column<Session>[] {
  const text = useSessionsText()
  return useMemo(
    () => [
      {
        id: 'person',
        header: text('person'),
        width: 'minmax(150px, 1.2fr)',
        cell: session => <SessionPerson session={session} />,
      },
      {
        id: 'device',
        header: text('device'),
        width: 'minmax(110px, 1fr)',
        cell: ({ user_agent }) => <Device userAgent={user_agent} />,
      },
    ],
    [text],
  )
}
