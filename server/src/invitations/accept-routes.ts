import { type Route, route } from '../http/index.ts'
import { newPasswordRules, textRules, toOwnChanges } from '../identity/index.ts'
import { aboutProof, ProofBody, tokenExample, toPresentedProof } from '../proofs/index.ts'
import { acceptInvitation, readInvitation } from './accept-invitation.ts'
import type { InvitationDeps } from './invitation.ts'
import {
  AcceptanceBody,
  AcceptedInvitationBody,
  acceptanceExample,
  acceptedInvitationExample,
  ReadInvitationBody,
  readInvitationExample,
  toAcceptedInvitationBody,
  toReadInvitationBody,
} from './schemas.ts'

const aboutInviter =
  'An invitation works as long as its inviter could send it: not after that account was deactivated, or has lost `users:create`.'

/** For who was invited: the link or the code of the mail is all that they have. */
export const acceptRoutes = (deps: InvitationDeps, tag: string): readonly Route[] => [
  route({
    method: 'POST',
    path: '/invitations/read/',
    access: 'public',
    operationId: 'readOwnInvitation',
    tag,
    summary: 'Read the invitation of an email',
    description: `For the page that the link opens: who invites, and to which address. Changes nothing. ${aboutInviter} ${aboutProof}`,
    body: ProofBody,
    bodyExample: { token: tokenExample },
    success: {
      status: 200,
      description: 'The invitation works.',
      schema: ReadInvitationBody,
      example: readInvitationExample,
    },
    rejections: ['too_many_requests'],
    async handler({ body, origin }) {
      return toReadInvitationBody(await readInvitation(deps, { presented: toPresentedProof(body), origin }))
    },
  }),

  route({
    method: 'POST',
    path: '/invitations/accept/',
    access: 'public',
    operationId: 'acceptInvitation',
    tag,
    summary: 'Accept an invitation',
    description: `Creates the account, with a password by the rules of registration and the roles of the invitation, except those that its inviter can no longer grant. Names that are left out are those of the invitation. An email confirms the address; a link that was handed over does not. Begins no session. An address that meanwhile has an account is a 409, and the invitation stays as it was. ${aboutInviter} ${aboutProof} A password that is refused leaves the link and the code as they were.`,
    body: AcceptanceBody,
    bodyExample: acceptanceExample,
    rules: { ...textRules, ...newPasswordRules(deps) },
    success: {
      status: 201,
      description: 'The account exists.',
      schema: AcceptedInvitationBody,
      example: acceptedInvitationExample,
    },
    rejections: ['conflict', 'too_many_requests'],
    async handler({ body: { token, email, code, password, password2, ...own }, origin }) {
      const presented = toPresentedProof({ token, email, code })
      const acceptance = { presented, password, password2, own: toOwnChanges(own), origin }
      return toAcceptedInvitationBody(await acceptInvitation(deps, acceptance))
    },
  }),
]
