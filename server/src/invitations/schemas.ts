import { Instant, type ListSpec, type Static, Type } from '../http/index.ts'
import {
  EmailField,
  ownBodyFields,
  ownExample,
  PasswordField,
  RolesField,
  shownOwnFields,
  toOwnFields,
  toShownOwn,
} from '../identity/index.ts'
import { type EpochMs, toRfc3339, toRfc3339OrNull } from '../kernel/index.ts'
import { proofFields, tokenExample } from '../proofs/index.ts'
import type { AcceptedInvitation, ReadInvitation } from './accept-invitation.ts'
import { type Invitation, invitationStates, stateAt } from './invitation.ts'
import type { InvitationColumn } from './invitation-store.sql.ts'
import type { NewInvitee, SentInvitation } from './invite.ts'

export const StateField = Type.Enum([...invitationStates], {
  description:
    '`pending`: its link and its code work. `accepted`: the account exists. `revoked`: it was taken back. `expired`: its time is over; it can be sent again.',
})

const LocaleField = Type.Union([Type.Enum(['en', 'ru']), Type.Null()], {
  description: 'The language of the email. Null where it is not known: then `PROPUSK_MAIL_LOCALE`.',
})

const fields = {
  id: Type.Integer(),
  email: Type.String(),
  ...shownOwnFields,
  roles: Type.Array(Type.String(), { description: 'Code names, sorted.' }),
  locale: LocaleField,
  state: StateField,
  inviter: Type.Object(
    {
      id: Type.Integer(),
      email: Type.String(),
      may_invite: Type.Boolean({
        description: 'Without it a pending invitation does not work, until another person sends it again.',
      }),
    },
    { description: 'Who sent it last, and answers for its roles.' },
  ),
  created_at: Instant,
  sent_at: Instant,
  expires_at: Instant,
  finished_at: Type.Union([Instant, Type.Null()], {
    description: 'When it was accepted or revoked, or when another took the place of an expired one.',
  }),
  user_id: Type.Union([Type.Integer(), Type.Null()], { description: 'The account that it became.' }),
}

export const InvitationBody = Type.Object(fields, { $id: 'Invitation' })

export const SentInvitationBody = Type.Object(
  {
    ...fields,
    link: Type.Union([Type.String(), Type.Null()], {
      description:
        'SECRET: to be handed over, where this server sends no mail, and shown this once; null where it was sent.',
    }),
  },
  { $id: 'SentInvitation' },
)

export const NewInvitationBody = Type.Object(
  {
    email: EmailField,
    ...ownBodyFields,
    roles: Type.Optional(RolesField),
    locale: Type.Optional(LocaleField),
  },
  { $id: 'NewInvitation', additionalProperties: false, 'x-read-only': ['id', 'state', 'created_at'] },
)

export const AcceptanceBody = Type.Object(
  { ...proofFields, password: PasswordField, password2: PasswordField, ...ownBodyFields },
  { $id: 'InvitationAcceptance', additionalProperties: false },
)

export const ReadInvitationBody = Type.Object(
  {
    email: Type.String(),
    ...shownOwnFields,
    invited_by: Type.String({ description: 'The name of who invites, or the address where there is none.' }),
    expires_at: Instant,
    has_account: Type.Boolean({
      description: 'Whether the address has an account by now. Then the invitation cannot be accepted.',
    }),
  },
  { $id: 'InvitationToRead' },
)

export const AcceptedInvitationBody = Type.Object(
  {
    id: Type.Integer(),
    email: Type.String(),
    ...shownOwnFields,
    email_verified: Type.Boolean(),
    roles: fields.roles,
  },
  { $id: 'AcceptedInvitation' },
)

export const toInvitationBody = (
  invitation: Invitation,
  { mayInvite, nowMs }: { readonly mayInvite: boolean; readonly nowMs: EpochMs },
): Static<typeof InvitationBody> => ({
  id: invitation.id,
  email: invitation.email,
  ...toShownOwn(invitation.own),
  roles: [...invitation.roles],
  locale: invitation.locale,
  state: stateAt(invitation, nowMs),
  inviter: {
    id: invitation.inviter.userId,
    email: invitation.inviter.email,
    may_invite: mayInvite,
  },
  created_at: toRfc3339(invitation.createdAtMs),
  sent_at: toRfc3339(invitation.sentAtMs),
  expires_at: toRfc3339(invitation.expiresAtMs),
  finished_at: toRfc3339OrNull(invitation.finishedAtMs),
  user_id: invitation.userId,
})

export const toSentInvitationBody = ({ invitation, link }: SentInvitation, nowMs: EpochMs) => ({
  // Who has just sent it may do so.
  ...toInvitationBody(invitation, { mayInvite: true, nowMs }),
  link,
})

export const toInvitee = (body: Static<typeof NewInvitationBody>): NewInvitee => {
  const { email, roles = [], locale = null, ...own } = body
  return { email, own: toOwnFields(own), roles, locale }
}

export const toReadInvitationBody = ({ invitation, invitedBy, hasAccount }: ReadInvitation) => ({
  email: invitation.email,
  ...toShownOwn(invitation.own),
  invited_by: invitedBy,
  expires_at: toRfc3339(invitation.expiresAtMs),
  has_account: hasAccount,
})

export const toAcceptedInvitationBody = ({ user, roles }: AcceptedInvitation) => ({
  id: user.id,
  email: user.email,
  ...toShownOwn(user),
  email_verified: user.emailVerified,
  roles: [...roles],
})

export const invitationList: ListSpec<Invitation, InvitationColumn> = {
  path: '/api/auth/invitations/',
  orderings: { id: invitation => invitation.id, email: invitation => invitation.email },
  defaultOrdering: '-id',
  idOf: invitation => invitation.id,
}

export const invitationExample: Static<typeof InvitationBody> = {
  id: 8,
  email: 'anna.petrova@example.com',
  ...ownExample,
  roles: ['user'],
  locale: 'ru',
  state: 'pending',
  inviter: { id: 1, email: 'admin@example.com', may_invite: true },
  created_at: '2026-11-30T08:00:00.000Z',
  sent_at: '2026-11-30T08:00:00.000Z',
  expires_at: '2026-12-07T08:00:00.000Z',
  finished_at: null,
  user_id: null,
}

export const sentInvitationExample = {
  ...invitationExample,
  link: `https://auth.example.org/account/invitation#t=${tokenExample}`,
}

export const newInvitationExample = {
  email: 'anna.petrova@example.com',
  ...ownExample,
  roles: ['user'],
  locale: 'ru' as const,
}

export const readInvitationExample = {
  email: 'anna.petrova@example.com',
  ...ownExample,
  invited_by: 'Иван Соколов',
  expires_at: '2026-12-07T08:00:00.000Z',
  has_account: false,
}

export const acceptanceExample = {
  token: tokenExample,
  password: 'seven quiet lamps at noon',
  password2: 'seven quiet lamps at noon',
  ...ownExample,
}

export const acceptedInvitationExample = {
  id: 52,
  email: 'anna.petrova@example.com',
  ...ownExample,
  email_verified: true,
  roles: ['user'],
}
