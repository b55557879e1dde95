import { type Route, route, Type } from '../http/index.ts'
import { EmailField } from '../identity/index.ts'
import {
  aboutProof,
  CheckMailBody,
  checkMail,
  ProofBody,
  toEmail,
  toPresentedProof,
} from '../proofs/index.ts'
import { assertLoginCode, type LoginCodeDeps, loginByCode, requestLoginCode } from './login-code.ts'
import { SecondStepBody, SignedInBody, signedInExample, toSecondStepBody, toSignedInBody } from './schemas.ts'

const tag = 'Sign-in and tokens'

export const codeExample = { email: 'anna.petrova@example.com', code: '4921 0385' }

export const aboutCode = `Where \`PROPUSK_LOGIN_CODE=on\`; 404 otherwise. ${aboutProof} If the account has a second factor, the answer is a ticket for \`/login/factor/\`. If its address was not confirmed before, its password stops working and its other sessions end.`

export const codeRoutes = (deps: LoginCodeDeps): readonly Route[] => [
  route({
    method: 'POST',
    path: '/login/code/request/',
    access: 'public',
    operationId: 'requestLoginCode',
    tag,
    summary: 'Request a sign-in code',
    description:
      'Sends a code that works for ten minutes, if the address belongs to an active account. The answer, and the time that it takes, are the same where it is not. Where `PROPUSK_LOGIN_CODE=on`; 404 otherwise.',
    body: Type.Object({ email: EmailField }, { $id: 'LoginCodeRequest', additionalProperties: false }),
    bodyExample: { email: codeExample.email },
    success: {
      status: 202,
      description: 'If there is such an account, an email is on its way.',
      schema: CheckMailBody,
      example: checkMail,
    },
    rejections: ['not_found', 'too_many_requests'],
    assertOpen: () => assertLoginCode(deps),
    async handler({ body, origin, locale }) {
      await requestLoginCode(deps, { email: toEmail(body.email), origin, locale })
      return checkMail
    },
  }),

  route({
    method: 'POST',
    path: '/login/code/',
    access: 'public',
    operationId: 'logInByCode',
    tag,
    summary: 'Sign in with a code from an email',
    description: aboutCode,
    body: ProofBody,
    bodyExample: codeExample,
    success: {
      status: 200,
      description: 'A new session with its first pair of tokens, or a ticket for the second step.',
      schema: Type.Union([SignedInBody, SecondStepBody]),
      example: signedInExample,
    },
    rejections: ['not_found', 'too_many_requests'],
    assertOpen: () => assertLoginCode(deps),
    usesDeviceToken: true,
    async handler({ body, origin, device }) {
      const presented = toPresentedProof(body)
      const signedIn = await loginByCode(deps, { presented, origin, deviceToken: device.presented })
      if ('next' in signedIn) return toSecondStepBody(signedIn)
      device.keep(signedIn.deviceToken)
      return toSignedInBody(signedIn)
    },
  }),
]
