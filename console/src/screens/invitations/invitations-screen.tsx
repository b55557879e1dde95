import { Select } from '@mantine/core'
import type { Invitation, SentInvitation } from '@propusk/client'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { MailPlus } from 'lucide-react'
import { useState } from 'react'
import { useMay } from '../../session/index.ts'
import {
  DataTable,
  EmptyState,
  GatedButton,
  NoMatchState,
  NoPermissionState,
  Page,
  SearchInput,
  useList,
} from '../../ui/index.ts'
import { HandOver } from '../users/hand-over.tsx'
import { tones, useInvitationColumns } from './invitation-columns.tsx'
import { InviteDialog } from './invite-dialog.tsx'
import { useInvitationsText } from './messages.ts'
import { useInvitationActs, useSent } from './use-invitation-acts.tsx'

const states = Object.keys(tones) as Invitation['state'][]

/** Who is invited, and what became of it: sent again, revoked, or made anew by a button. */
export function InvitationsScreen() {
  const may = useMay()
  return may('users', 'read') ? <Invitations /> : <NoPermissionState permission="users:read" />
}

function Invitations() {
  const text = useInvitationsText()
  const navigate = useNavigate({ from: '/console/invitations' })
  const { create } = useSearch({ from: '/console/invitations' })
  const [withLink, setWithLink] = useState<SentInvitation & { readonly link: string }>()
  const acts = useInvitationActs(setWithLink)
  const sent = useSent(setWithLink)
  const setCreate = (next: string | undefined) =>
    void navigate({ to: '.', search: old => ({ ...old, create: next }), replace: true, ignoreBlocker: true })
  const mayInvite = useMayInvite()
  return (
    <Page
      title={text('title')}
      lead={text('lead')}
      actions={<Tools onInvite={() => setCreate('yes')} />}
      fills
    >
      <List columns={useInvitationColumns(acts)} onInvite={() => setCreate('yes')} />
      {create !== undefined && mayInvite && (
        <InviteDialog
          onSent={made => {
            setCreate(undefined)
            sent(made)
          }}
          onResend={invitation => {
            setCreate(undefined)
            acts.resend(invitation)
          }}
          onClose={() => setCreate(undefined)}
        />
      )}
      {withLink !== undefined && (
        <HandOver
          title={text('linkTitle', { email: withLink.email })}
          values={{ [text('link')]: withLink.link }}
          onDone={() => setWithLink(undefined)}
        >
          {text('linkLead')}
        </HandOver>
      )}
    </Page>
  )
}

const useMayInvite = () => useMay()('users', 'create')

interface InviteButtonProps {
  readonly label: 'invite' | 'inviteFirst'
  onInvite(): void
}

function InviteButton({ label, onInvite }: InviteButtonProps) {
  const text = useInvitationsText()
  return (
    <GatedButton
      reason={useMayInvite() ? undefined : text('mayNot')}
      leftSection={<MailPlus size={16} aria-hidden />}
      onClick={onInvite}
    >
      {text(label)}
    </GatedButton>
  )
}

function Tools({ onInvite }: { onInvite(): void }) {
  const text = useInvitationsText()
  const navigate = useNavigate({ from: '/console/invitations' })
  const { search, state } = useSearch({ from: '/console/invitations' })
  const narrow = (change: Record<string, string | undefined>) =>
    void navigate({ to: '.', search: old => ({ ...old, ...change }), replace: true })
  return (
    <>
      <SearchInput value={search ?? ''} label={text('search')} onSearch={next => narrow({ search: next })} />
      <Select
        aria-label={text('state')}
        value={state ?? ''}
        allowDeselect={false}
        onChange={next => narrow({ state: next ?? '' })}
        data={[{ value: '', label: text('all') }, ...states.map(value => ({ value, label: text(value) }))]}
      />
      <InviteButton label="invite" onInvite={onInvite} />
    </>
  )
}

interface ListProps {
  readonly columns: ReturnType<typeof useInvitationColumns>
  onInvite(): void
}

function List({ columns, onInvite }: ListProps) {
  const text = useInvitationsText()
  const navigate = useNavigate({ from: '/console/invitations' })
  const { search, state, ordering = '-id' } = useSearch({ from: '/console/invitations' })
  const isNarrowed = (search ?? state) !== undefined
  return (
    <DataTable
      label={text('title')}
      list={useList('invitations', 'listInvitations', { search, state, ordering })}
      columns={columns}
      keyOf={invitation => invitation.id}
      nameOf={invitation => invitation.email}
      highlightKind="invitations"
      countText={count => text('count', { count })}
      ordering={ordering}
      onOrder={next => void navigate({ to: '.', search: old => ({ ...old, ordering: next }), replace: true })}
      empty={
        isNarrowed ? (
          <NoMatchState onClear={() => void navigate({ to: '.', search: {}, replace: true })} />
        ) : (
          <EmptyState
            icon={<MailPlus />}
            title={text('none')}
            action={<InviteButton label="inviteFirst" onInvite={onInvite} />}
          >
            {text('noneHint')}
          </EmptyState>
        )
      }
    />
  )
}
