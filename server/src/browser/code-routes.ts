import { type Route, route, Type } from '../http/index.ts'
import { ProofBody, toPresentedProof } from '../proofs/index.ts'
import {
  aboutCode,
  assertLoginCode,
  codeExample,
  type LoginCodeDeps,
  loginByCode,
  SecondStepBody,
  toSecondStepBody,
} from '../sign-in/index.ts'
import { aboutCookie } from './routes.ts'
import { BrowserSignedInBody, browserSignedInExample, keepSignedIn } from './schemas.ts'
import type { BrowserTokenDeps } from './session-cookie.ts'

interface Deps {
  readonly signIn: LoginCodeDeps
  readonly tokens: BrowserTokenDeps
}

export const browserCodeRoutes = ({ signIn, tokens }: Deps): readonly Route[] => [
  route({
    method: 'POST',
    path: '/browser/login/code/',
    access: 'browser',
    operationId: 'logInByCodeInBrowser',
    tag: 'Sign-in by cookie',
    summary: 'Sign in by the code of a mail, for a page of this server',
    description: `${aboutCode} ${aboutCookie} A session that the cookie held before ends.`,
    body: ProofBody,
    bodyExample: codeExample,
    success: {
      status: 200,
      description: 'A new session with its first access token, or a ticket for the second step.',
      schema: Type.Union([BrowserSignedInBody, SecondStepBody]),
      example: browserSignedInExample,
    },
    rejections: ['not_found', 'too_many_requests'],
    assertOpen: () => assertLoginCode(signIn),
    usesDeviceToken: true,
    async handler({ body, sessionCookie, origin, device }) {
      const presented = toPresentedProof(body)
      const signedIn = await loginByCode(signIn, { presented, origin, deviceToken: device.presented })
      if ('next' in signedIn) return toSecondStepBody(signedIn)
      return await keepSignedIn(tokens, { sessionCookie, origin, device }, signedIn)
    },
  }),
]
