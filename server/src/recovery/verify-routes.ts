import { type Route, route, Type } from '../http/index.ts'
import { PasswordField } from '../identity/index.ts'
import { invalidField, message } from '../kernel/index.ts'
import {
  aboutProof,
  assertMailOn,
  CheckMailBody,
  checkMail,
  proofFields,
  tokenExample,
  toPresentedProof,
} from '../proofs/index.ts'
import type { RecoveryDeps } from './recovery.ts'
import { recoveryTag as tag } from './reset-routes.ts'
import { requestVerification, verifyEmail } from './verify-email.ts'

const VerificationBody = Type.Object(
  { ...proofFields, password: Type.Optional(PasswordField), password2: Type.Optional(PasswordField) },
  { $id: 'EmailVerification', additionalProperties: false },
)

export const verifyRoutes = (deps: RecoveryDeps): readonly Route[] => [
  route({
    method: 'POST',
    path: '/email/verify/',
    access: 'public',
    operationId: 'verifyEmail',
    tag,
    summary: 'Confirm an address with an email',
    description: `Confirms the address of an account (\`email_verified\`). If registration waits for its email (\`PROPUSK_REGISTRATION=verified\`) it creates the account; if others registered with the address in the meantime, with other passwords, its password is chosen with \`/password/reset/\`. A page that the link of a registration opens asks for a password: the reader of the email may not be the person who registered. \`password\` alone must be that of the registration; with \`password2\` it takes its place, and must fit as there. Begins no session. ${aboutProof}`,
    body: VerificationBody,
    bodyExample: { token: tokenExample },
    success: { status: 204, description: 'The address is proved.' },
    rejections: ['conflict', 'too_many_requests'],
    async handler({ body: { password, password2, ...proof }, origin }) {
      const presented = toPresentedProof(proof)
      if (password === undefined && password2 !== undefined)
        throw invalidField('password', message('field.required'))
      await verifyEmail(deps, { presented, password, password2, origin })
    },
  }),

  route({
    method: 'POST',
    path: '/me/email/verify/',
    access: 'authenticated',
    operationId: 'requestEmailVerification',
    tag,
    summary: 'Request an email to confirm your own address',
    description: 'Sends a link and a code that work for a day.',
    success: {
      status: 202,
      description: 'An email is on its way.',
      schema: CheckMailBody,
      example: checkMail,
    },
    rejections: ['mail_not_configured', 'too_many_requests'],
    assertOpen: () => assertMailOn(deps),
    async handler({ principal, origin, locale }) {
      await requestVerification(deps, { principal, origin, locale })
      return checkMail
    },
  }),
]
