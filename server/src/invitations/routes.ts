import {
  IdParams,
  listParameters,
  type Pager,
  pageSchema,
  type Route,
  route,
  searchParameter,
  Type,
} from '../http/index.ts'
import { textRules, validateNewEmail } from '../identity/index.ts'
import { type InvitationId, Rejection } from '../kernel/index.ts'
import { acceptRoutes } from './accept-routes.ts'
import { findWorking, mayStillInvite } from './check-roles.ts'
import type { InvitationDeps } from './invitation.ts'
import { invite, resendInvitation, revokeInvitation } from './invite.ts'
import {
  InvitationBody,
  invitationExample,
  invitationList,
  NewInvitationBody,
  newInvitationExample,
  SentInvitationBody,
  StateField,
  sentInvitationExample,
  toInvitationBody,
  toInvitee,
  toSentInvitationBody,
} from './schemas.ts'

interface InvitationRouteDeps extends InvitationDeps {
  readonly pager: Pager
}

const tag = 'Invitations'
const permitted = { resource_name: 'users' } as const

/** Who may invite may also take it back: a mistyped address is revoked by who typed it. */
const inviting = { ...permitted, action: 'create' } as const

const rankRule = 'Who asks must hold every permission of its roles, as where roles are given to an account.'

const newAccountRules = {
  ...textRules,
  email: validateNewEmail,
}

const sent = (status: 200 | 201, description: string) =>
  ({ status, description, schema: SentInvitationBody, example: sentInvitationExample }) as const

export const invitationRoutes = (deps: InvitationRouteDeps): readonly Route[] => [
  route({
    method: 'GET',
    path: '/invitations/',
    access: permitted,
    operationId: 'listInvitations',
    tag,
    summary: 'List invitations',
    description:
      'A page of the invitations of the last months, the newest first. `search` looks into the address. They are kept for 90 days after their time.',
    query: Type.Object(
      { ...listParameters, search: searchParameter, state: Type.Optional(StateField) },
      { additionalProperties: false },
    ),
    success: {
      status: 200,
      description: 'One page.',
      schema: pageSchema(InvitationBody, 'InvitationPage'),
      example: { next: null, previous: null, results: [invitationExample] },
    },
    async handler({ query }) {
      const nowMs = deps.clock.nowMs()
      const page = await deps.stores.invitations.list(
        { state: query.state },
        deps.pager.read(invitationList, query),
        nowMs,
      )
      const working = await findWorking(deps.stores, page.rows, nowMs)
      return deps.pager.answer(invitationList, query, page, row =>
        toInvitationBody(row, { mayInvite: working.has(row.id), nowMs }),
      )
    },
  }),

  route({
    method: 'POST',
    path: '/invitations/',
    access: inviting,
    operationId: 'invite',
    tag,
    summary: 'Invite a person',
    description: `Sends an email with a link and a code with which a person creates an account of their own, with these roles; they work for seven days. If this server sends no email, the answer holds the link to hand over. It works whatever \`PROPUSK_REGISTRATION\` says. ${rankRule} An address that has an account, or a pending invitation, is a 409 in \`errors.email\`.`,
    body: NewInvitationBody,
    bodyExample: newInvitationExample,
    rules: newAccountRules,
    success: sent(201, 'The invitation waits to be accepted.'),
    rejections: ['conflict', 'too_many_requests'],
    async handler({ principal, body, origin }) {
      const invitation = await invite(deps, { principal, origin }, toInvitee(body))
      return toSentInvitationBody(invitation, deps.clock.nowMs())
    },
  }),

  route({
    method: 'GET',
    path: '/invitations/:id/',
    access: permitted,
    operationId: 'readInvitation',
    tag,
    summary: 'Read an invitation',
    description: 'One invitation. Its link is shown only where it is made.',
    params: IdParams,
    success: {
      status: 200,
      description: 'The invitation.',
      schema: InvitationBody,
      example: invitationExample,
    },
    rejections: ['not_found'],
    async handler({ params }) {
      const invitation = await deps.stores.invitations.findById(params.id as InvitationId)
      if (invitation === undefined) throw new Rejection('not_found')
      const nowMs = deps.clock.nowMs()
      const mayInvite = await mayStillInvite(deps.stores, invitation.inviter, nowMs)
      return toInvitationBody(invitation, { mayInvite, nowMs })
    },
  }),

  route({
    method: 'POST',
    path: '/invitations/:id/resend/',
    access: inviting,
    operationId: 'resendInvitation',
    tag,
    summary: 'Send an invitation again',
    description: `Creates a new link and a new code, which work for seven days; earlier ones no longer work. One that has expired is pending again. Who sends it answers for its roles from then on. ${rankRule} One that was accepted or revoked is a 409.`,
    params: IdParams,
    success: sent(200, 'The invitation waits to be accepted.'),
    rejections: ['not_found', 'conflict', 'too_many_requests'],
    async handler({ principal, params, origin }) {
      const invitation = await resendInvitation(deps, { principal, origin }, params.id as InvitationId)
      return toSentInvitationBody(invitation, deps.clock.nowMs())
    },
  }),

  route({
    method: 'DELETE',
    path: '/invitations/:id/',
    access: inviting,
    operationId: 'revokeInvitation',
    tag,
    summary: 'Revoke an invitation',
    description: `Its link and its code no longer work; the row stays in the list. Revoking a revoked one is harmless, one that was accepted is a 409. ${rankRule}`,
    params: IdParams,
    success: { status: 204, description: 'The invitation is revoked.' },
    rejections: ['not_found', 'conflict'],
    async handler({ principal, params, origin }) {
      await revokeInvitation(deps, { principal, origin }, params.id as InvitationId)
    },
  }),

  ...acceptRoutes(deps, tag),
]
