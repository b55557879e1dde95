import {
  type AuthenticationResponseJSON,
  FactorFields,
  PasskeyRequestBody,
  passkeyRequestExample,
} from '../factors/index.ts'
import { type Route, route, Type } from '../http/index.ts'
import { EmailField, newPasswordRules, PasswordField } from '../identity/index.ts'
import {
  aboutProof,
  assertMailOn,
  CheckMailBody,
  checkMail,
  ProofBody,
  proofFields,
  toEmail,
  tokenExample,
  toPresentedProof,
} from '../proofs/index.ts'
import type { RecoveryDeps } from './recovery.ts'
import { requestReset } from './request-reset.ts'
import { resetPasskeyOptions, resetPassword } from './reset-password.ts'

export const recoveryTag = 'Recovery'
const tag = recoveryTag

export const resetRoutes = (deps: RecoveryDeps): readonly Route[] => [
  route({
    method: 'POST',
    path: '/password/reset/request/',
    access: 'public',
    operationId: 'requestPasswordReset',
    tag,
    summary: 'Request an email to set a new password',
    description:
      'Sends a link and a code that work for an hour, if the address belongs to an active account. The answer, and the time that it takes, are the same where it is not, or if too many emails were requested for it.',
    body: Type.Object({ email: EmailField }, { $id: 'PasswordResetRequest', additionalProperties: false }),
    bodyExample: { email: 'anna.petrova@example.com' },
    success: {
      status: 202,
      description: 'If there is such an account, an email is on its way.',
      schema: CheckMailBody,
      example: checkMail,
    },
    rejections: ['mail_not_configured', 'too_many_requests'],
    assertOpen: () => assertMailOn(deps),
    async handler({ body, origin, locale }) {
      await requestReset(deps, { email: toEmail(body.email), origin, locale })
      return checkMail
    },
  }),

  route({
    method: 'POST',
    path: '/password/reset/options/',
    access: 'public',
    operationId: 'resetPasskeyOptions',
    tag,
    summary: 'Begin to confirm a reset with a passkey',
    description: `What \`PublicKeyCredential.parseRequestOptionsFromJSON()\` of a browser takes, with the passkeys of the account whose email is presented; \`allowCredentials\` is empty where it has none. The challenge is for this reset, and can be answered once, within five minutes. Asking uses neither the link nor the code up. ${aboutProof}`,
    body: ProofBody,
    bodyExample: { token: tokenExample },
    success: {
      status: 200,
      description: 'The options, with a challenge.',
      schema: PasskeyRequestBody,
      example: passkeyRequestExample,
    },
    rejections: ['too_many_requests'],
    handler: async ({ body, origin }) => ({
      ...(await resetPasskeyOptions(deps, { presented: toPresentedProof(body), origin })),
    }),
  }),

  route({
    method: 'POST',
    path: '/password/reset/',
    access: 'public',
    operationId: 'resetPassword',
    tag,
    summary: 'Set a new password with an email',
    description: `Sets a new password, by the rules of registration, confirms the address, ends every session of the account and invalidates every other link and code of it. ${aboutProof} A password that is refused leaves the link and the code as they were. If the account has a second factor, the body holds one, too: \`totp\`, \`recovery\`, or a \`passkey\` that was asked with the options of \`/password/reset/options/\`; without it the answer is 401 \`insufficient_user_authentication\`. The link that an administrator hands over works here, too.`,
    body: Type.Object(
      {
        ...proofFields,
        password: PasswordField,
        password2: PasswordField,
        ...FactorFields,
      },
      { $id: 'PasswordReset', additionalProperties: false },
    ),
    bodyExample: {
      token: tokenExample,
      password: 'seven quiet lamps at noon',
      password2: 'seven quiet lamps at noon',
    },
    rules: newPasswordRules(deps),
    success: { status: 204, description: 'The password is set. It begins no session.' },
    rejections: ['insufficient_user_authentication', 'invalid_credentials', 'too_many_requests'],
    async handler({ body: { password, password2, totp, recovery, passkey, ...proof }, origin, locale }) {
      const presented = toPresentedProof(proof)
      const factor = { totp, recovery, passkey: passkey as AuthenticationResponseJSON | undefined }
      await resetPassword(deps, { presented, password, password2, factor, origin, locale })
    },
  }),
]
