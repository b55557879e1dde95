import { Group } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import type { Invitation } from '@propusk/client'
import {
  At,
  type Column,
  GatedButton,
  LinkButton,
  Person,
  Status,
  type Tone,
  useIsNarrow,
} from '../../ui/index.ts'
import { RoleBadges } from '../users/list/role-badges.tsx'
import classes from './invitations.module.css'
import { useInvitationsText } from './messages.ts'
import type { InvitationActs } from './use-invitation-acts.tsx'

export const tones = {
  pending: 'warn',
  accepted: 'good',
  expired: 'quiet',
  revoked: 'quiet',
} as const satisfies Record<Invitation['state'], Tone>

export function useInvitationColumns(acts: InvitationActs): readonly Column<Invitation>[] {
  const text = useInvitationsText()
  const isNarrow = useIsNarrow()
  const isPhone = useMediaQuery('(max-width: 40em)', false, { getInitialValueInEffect: false })
  const person: Column<Invitation> = {
    id: 'email',
    header: text('who'),
    width: isPhone ? 'minmax(130px, 1.6fr)' : 'minmax(200px, 1.6fr)',
    ordering: 'email',
    cell: invitation => <Person person={invitation} />,
  }
  const state: Column<Invitation> = {
    id: 'state',
    header: text('state'),
    width: 'minmax(110px, 0.7fr)',
    cell: ({ state }) => <Status tone={tones[state]}>{text(state)}</Status>,
  }
  const roles: Column<Invitation> = {
    id: 'roles',
    header: text('roles'),
    width: 'minmax(130px, 1fr)',
    cell: ({ roles }) => <RoleBadges user={{ roles, is_superuser: false }} />,
  }
  const inviter: Column<Invitation> = {
    id: 'inviter',
    header: text('inviter'),
    width: 'minmax(160px, 1.2fr)',
    cell: invitation => <InvitedBy invitation={invitation} />,
  }
  const ends: Column<Invitation> = {
    id: 'ends',
    header: text('ends'),
    width: 'minmax(130px, 0.8fr)',
    cell: ({ expires_at }) => <At at={expires_at} />,
  }
  const last: Column<Invitation> = {
    id: 'acts',
    header: text('acts'),
    width: isNarrow ? '210px' : 'minmax(235px, 1fr)',
    cell: invitation => <Acts invitation={invitation} acts={acts} />,
  }
  // What can be done stands in sight, and what does not fit beside it behind.
  if (isPhone) return [person, last, state, ends, roles, inviter]
  return isNarrow ? [person, state, ends, last, roles, inviter] : [person, state, roles, inviter, ends, last]
}

/** An invitation by an account that was closed or may not invite any more does not work, which its state does not say. */
function InvitedBy({ invitation: { state, inviter } }: { readonly invitation: Invitation }) {
  const text = useInvitationsText()
  if (inviter.may_invite || state !== 'pending') return inviter.email
  return <span className={classes.warn}>{text('inviterMayNot')}</span>
}

interface ActsProps {
  readonly invitation: Invitation
  readonly acts: InvitationActs
}

function Acts({ invitation, acts: { reasonFor, resend, revoke } }: ActsProps) {
  const text = useInvitationsText()
  const { state, email, user_id } = invitation
  if (user_id !== null) return <Profile id={user_id} email={email} />
  if (state === 'accepted' || state === 'revoked') return null
  const reason = reasonFor(invitation)
  return (
    <Group gap={6} wrap="nowrap">
      <GatedButton
        reason={reason}
        size="compact-xs"
        variant="default"
        aria-label={`${text('resend')}: ${email}`}
        onClick={() => resend(invitation)}
      >
        {text('resend')}
      </GatedButton>
      <GatedButton
        reason={reason}
        size="compact-xs"
        variant="default"
        c="var(--bad)"
        aria-label={`${text('revoke')}: ${email}`}
        onClick={() => revoke(invitation)}
      >
        {text('revoke')}
      </GatedButton>
    </Group>
  )
}

/** What became of an invitation that was accepted. */
function Profile({ id, email }: { readonly id: number; readonly email: string }) {
  const text = useInvitationsText()
  return (
    <LinkButton
      to="/console/users/$id"
      params={{ id: String(id) }}
      size="compact-xs"
      variant="default"
      aria-label={`${text('openProfile')}: ${email}`}
    >
      {text('openProfile')}
    </LinkButton>
  )
}
