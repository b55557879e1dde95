import { freshly, type Route, route, type Static, Type } from '../http/index.ts'
import { EmailField } from '../identity/index.ts'
import { message, Rejection } from '../kernel/index.ts'
import {
  aboutProof,
  assertMailOn,
  CheckMailBody,
  checkMail,
  ProofBody,
  proofFields,
  tokenExample,
  toPresentedProof,
} from '../proofs/index.ts'
import { confirmEmailChange, requestEmailChange } from './change-email.ts'
import type { RecoveryDeps } from './recovery.ts'
import { recoveryTag as tag } from './reset-routes.ts'
import { undoEmailChange } from './undo-email.ts'

const ConfirmationBody = Type.Object(proofFields, {
  $id: 'EmailConfirmation',
  additionalProperties: false,
  description: 'The `token` of the link, or the `code` with the new address as `email`.',
})

export const emailRoutes = (deps: RecoveryDeps): readonly Route[] => [
  route({
    method: 'POST',
    path: '/me/email/',
    access: 'authenticated',
    operationId: 'requestEmailChange',
    stepUp: freshly,
    tag,
    summary: 'Request a change of your own address',
    description:
      'Sends a link and a code to the new address, which work for an hour; the account keeps its address until one of them is presented. The answer is the same where the address is another’s.',
    body: Type.Object({ email: EmailField }, { $id: 'EmailChange', additionalProperties: false }),
    bodyExample: { email: 'anna@new.example.com' },
    success: {
      status: 202,
      description: 'An email is on its way.',
      schema: CheckMailBody,
      example: checkMail,
    },
    rejections: ['mail_not_configured', 'too_many_requests'],
    assertOpen: () => assertMailOn(deps),
    async handler({ principal, body, origin, locale }) {
      await requestEmailChange(deps, { principal, email: body.email, origin, locale })
      return checkMail
    },
  }),

  route({
    method: 'POST',
    path: '/me/email/confirm/',
    access: 'authenticated',
    operationId: 'confirmEmailChange',
    tag,
    summary: 'Confirm the new address',
    description: `Gives the account the new address, and sends the old one a link that can undo it for seven days. ${aboutProof}`,
    body: ConfirmationBody,
    bodyExample: { token: tokenExample },
    success: { status: 204, description: 'The account has the new address.' },
    rejections: ['conflict', 'too_many_requests'],
    async handler({ principal, body, origin, locale }) {
      await confirmEmailChange(deps, { principal, shown: toShown(body), origin, locale })
    },
  }),

  route({
    method: 'POST',
    path: '/email/undo/',
    access: 'public',
    operationId: 'undoEmailChange',
    tag,
    summary: 'Undo a change of address',
    description: `With the email that the old address got. The account gets that address back, every session ends, its password stops working, second factors that were turned on since the change or in the day before it are off, and an email to set a new one is sent. ${aboutProof}`,
    body: ProofBody,
    bodyExample: { token: tokenExample },
    success: { status: 204, description: 'The account has its former address.' },
    rejections: ['conflict', 'too_many_requests'],
    async handler({ body, origin, locale }) {
      await undoEmailChange(deps, { presented: toPresentedProof(body), origin, locale })
    },
  }),
]

function toShown(body: Static<typeof ConfirmationBody>) {
  const presented = toPresentedProof(body)
  if ('token' in presented) return presented
  const { email, code } = presented
  if (email === undefined)
    throw new Rejection('invalid_request', { errors: { email: [message('email.invalid')] } })
  return { email, code }
}
