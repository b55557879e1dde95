import { Button, Select } from '@mantine/core'
import type { Mail } from '@propusk/client'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { MailCheck } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useRefresh } from '../../access/use-refresh.ts'
import { api, useMay } from '../../session/index.ts'
import {
  At,
  type Column,
  DataTable,
  EmptyState,
  NoMatchState,
  NoPermissionState,
  notifyDone,
  notifyProblem,
  Page,
  Status,
  type Tone,
  useList,
} from '../../ui/index.ts'
import { useOutboxText } from './messages.ts'

const tones = { pending: 'warn', sent: 'good', failed: 'bad', dropped: 'quiet' } as const satisfies Record<
  Mail['state'],
  Tone
>

const states = Object.keys(tones) as Mail['state'][]

/** The mails of the last days: which wait, which failed and why. */
export function OutboxScreen() {
  const may = useMay()
  return may('mail', 'read') ? <Outbox /> : <NoPermissionState permission="mail:read" />
}

function Outbox() {
  const text = useOutboxText()
  const navigate = useNavigate({ from: '/console/outbox' })
  const { state, ordering = '-id' } = useSearch({ from: '/console/outbox' })
  return (
    <Page
      title={text('title')}
      lead={text('lead')}
      actions={
        <Select
          aria-label={text('state')}
          placeholder={text('all')}
          clearable
          data={states.map(value => ({ value, label: text(value) }))}
          value={state ?? null}
          onChange={next =>
            void navigate({ to: '.', search: old => ({ ...old, state: next ?? undefined }), replace: true })
          }
        />
      }
    >
      <DataTable
        label={text('title')}
        list={useList('mail', 'listMails', { state, ordering })}
        columns={useMailColumns()}
        keyOf={mail => mail.id}
        nameOf={mail => mail.to_email}
        chosen={undefined}
        ordering={ordering}
        onOrder={next =>
          void navigate({ to: '.', search: old => ({ ...old, ordering: next }), replace: true })
        }
        empty={
          state === undefined ? (
            <EmptyState icon={<MailCheck />} title={text('none')}>
              {text('noneHint')}
            </EmptyState>
          ) : (
            <NoMatchState onClear={() => void navigate({ to: '.', search: {}, replace: true })} />
          )
        }
      />
    </Page>
  )
}

function useMailColumns(): readonly Column<Mail>[] {
  const text = useOutboxText()
  return useMemo(
    () => [
      { id: 'to', header: text('to'), width: 'minmax(150px, 1.4fr)', cell: ({ to_email }) => to_email },
      {
        id: 'kind',
        header: text('kind'),
        width: 'minmax(140px, 1.2fr)',
        cell: ({ kind }) => text(kind as Parameters<typeof text>[0]),
      },
      {
        id: 'state',
        header: text('state'),
        width: 'minmax(110px, 0.8fr)',
        cell: ({ state }) => <Status tone={tones[state]}>{text(state)}</Status>,
      },
      {
        id: 'when',
        header: text('when'),
        width: 'minmax(130px, 1fr)',
        cell: ({ created_at }) => <At at={created_at} />,
      },
      {
        id: 'reason',
        header: text('reason'),
        width: 'minmax(160px, 1.4fr)',
        cell: mail => <Reason mail={mail} />,
      },
    ],
    [text],
  )
}

function Reason({ mail }: { readonly mail: Mail }) {
  const text = useOutboxText()
  if (mail.state === 'failed') {
    return (
      <span>
        <code>{mail.last_error}</code> <RetryButton mail={mail} />
      </span>
    )
  }
  if (mail.state !== 'pending' || mail.next_attempt_at === null || mail.last_error === null) return null
  return (
    <span>
      <code>{mail.last_error}</code>, {text('next')} <At at={mail.next_attempt_at} />
    </span>
  )
}

function RetryButton({ mail }: { readonly mail: Mail }) {
  const text = useOutboxText()
  const may = useMay()
  const refresh = useRefresh()
  const [isBusy, setBusy] = useState(false)
  if (!may('mail', 'update')) return null
  const retry = async () => {
    setBusy(true)
    try {
      await api.call('retryMail', { params: { id: mail.id } })
      notifyDone(text('retried', { to: mail.to_email }))
    } catch (error) {
      notifyProblem(error)
    } finally {
      setBusy(false)
      await refresh('mail')
    }
  }
  return (
    <Button size="compact-xs" variant="default" loading={isBusy} onClick={() => void retry()}>
      {text('retry')}
    </Button>
  )
}
