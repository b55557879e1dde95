import { assertOneFactor } from '../factors/index.ts'
import { type Route, route, Type } from '../http/index.ts'
import { registrationRules } from '../identity/index.ts'
import {
  aboutPasskeyLogin,
  aboutSecondStep,
  assertRegistrationOpen,
  BrowserLoginFactorBody,
  LoginBody,
  LoginPasskeyBody,
  login,
  loginExample,
  loginFactorExample,
  loginPasskeyExample,
  type RegisterDeps,
  RegistrationBody,
  register,
  registrationExample,
  SecondStepBody,
  type SecondStepDeps,
  signInByFactor,
  signInByPasskey,
  toPasskeySignIn,
  toRegistration,
  toSecondStepAttempt,
  toSecondStepBody,
  verifiedRoute,
} from '../sign-in/index.ts'
import { type PresentedProof, StepUpBody, stepUpExample } from '../step-up/index.ts'
import { tokenPairExample } from '../tokens/index.ts'
import { BrowserSignedInBody, browserSignedInExample, keepSignedIn } from './schemas.ts'
import {
  type BrowserTokenDeps,
  endOfKept,
  endSession,
  refreshSession,
  type SessionEnd,
} from './session-cookie.ts'
import {
  noFields,
  SessionEndBody,
  sessionEndExample,
  sessionEndRoute,
  toSessionEndBody,
} from './session-end-routes.ts'
import { type BrowserStepUpDeps, stepUpByCookie } from './step-up.ts'

interface BrowserDeps {
  readonly signIn: RegisterDeps & SecondStepDeps
  readonly tokens: BrowserTokenDeps
  readonly stepUp: BrowserStepUpDeps
  /** The domain of the cookie of forward-auth, where there is one. */
  readonly forwardCookieDomain: string | undefined
}

const tag = 'Sign-in by cookie'

const { access: accessExample } = tokenPairExample

export const aboutCookie =
  'The refresh token is not in the answer: it is in the cookie `__Host-propusk`, which no script can read and which only the calls under `/browser/` and `/setup/` look at.'

const BrowserAccessBody = Type.Object(
  { access: Type.String(), session: SessionEndBody },
  { $id: 'BrowserAccess' },
)

const toBrowserAccessBody = ({ access, end }: { access: string; end: SessionEnd }) => ({
  access,
  session: toSessionEndBody(end),
})

const registerPlace = {
  path: '/browser/register/',
  access: 'browser',
  operationId: 'registerInBrowser',
  tag,
} as const

const openRoute = ({ signIn, tokens }: Pick<BrowserDeps, 'signIn' | 'tokens'>): Route =>
  route({
    method: 'POST',
    ...registerPlace,
    summary: 'Create an account, for a page of this server',
    description: `As \`/register/\`. ${aboutCookie} A session that the cookie held before ends.`,
    body: RegistrationBody,
    bodyExample: registrationExample,
    rules: registrationRules(signIn),
    success: {
      status: 201,
      description: 'The account exists and is signed in.',
      schema: BrowserSignedInBody,
      example: browserSignedInExample,
    },
    rejections: ['conflict', 'registration_closed', 'too_many_requests'],
    assertOpen: () => assertRegistrationOpen(signIn),
    usesDeviceToken: true,
    async handler({ body, sessionCookie, origin, device, locale }) {
      const signedIn = await register(signIn, toRegistration(body, origin), locale)
      return await keepSignedIn(tokens, { sessionCookie, origin, device }, signedIn)
    },
  })

export const browserRoutes = ({
  signIn,
  tokens,
  stepUp,
  forwardCookieDomain,
}: BrowserDeps): readonly Route[] => [
  signIn.registration === 'verified' ? verifiedRoute(signIn, registerPlace) : openRoute({ signIn, tokens }),

  route({
    method: 'POST',
    path: '/browser/login/',
    access: 'browser',
    operationId: 'logInInBrowser',
    tag,
    summary: 'Sign in, for a page of this server',
    description: `As \`/login/\`, and held up by the same counters. ${aboutCookie} A session that the cookie held before ends.`,
    body: LoginBody,
    bodyExample: loginExample,
    success: {
      status: 200,
      description: 'A new session with its first access token, or a ticket for the second step.',
      schema: Type.Union([BrowserSignedInBody, SecondStepBody]),
      example: browserSignedInExample,
    },
    rejections: ['invalid_credentials', 'too_many_requests'],
    usesDeviceToken: true,
    async handler({ body, sessionCookie, rememberedDevice, origin, device }) {
      const signedIn = await login(signIn, {
        ...body,
        origin,
        deviceToken: device.presented,
        rememberedDevice: rememberedDevice.presented,
      })
      if ('next' in signedIn) return toSecondStepBody(signedIn)
      return await keepSignedIn(tokens, { sessionCookie, origin, device }, signedIn)
    },
  }),

  route({
    method: 'POST',
    path: '/browser/login/factor/',
    access: 'browser',
    operationId: 'logInByFactorInBrowser',
    tag,
    summary: 'The second step of a sign-in, for a page of this server',
    description: `${aboutSecondStep} ${aboutCookie} A session that the cookie held before ends. With \`remember_device\` the cookie \`__Host-propusk-remembered\` lets a later sign-in by password leave this step out; its session is of level \`aal1\`.`,
    body: BrowserLoginFactorBody,
    bodyExample: loginFactorExample,
    success: {
      status: 200,
      description: 'A new session with its first access token.',
      schema: BrowserSignedInBody,
      example: browserSignedInExample,
    },
    rejections: ['invalid_credentials', 'too_many_requests'],
    usesDeviceToken: true,
    async handler({ body: { remember_device, ...body }, sessionCookie, rememberedDevice, origin, device }) {
      const signedIn = await signInByFactor(signIn, {
        ...toSecondStepAttempt(body, origin, device.presented),
        rememberDevice: remember_device === true ? rememberedDevice : undefined,
      })
      if (signedIn.remembered !== undefined) rememberedDevice.keep(signedIn.remembered)
      return await keepSignedIn(tokens, { sessionCookie, origin, device }, signedIn)
    },
  }),

  route({
    method: 'POST',
    path: '/browser/login/passkey/',
    access: 'browser',
    operationId: 'logInByPasskeyInBrowser',
    tag,
    summary: 'Sign in by a passkey, for a page of this server',
    description: `${aboutPasskeyLogin} ${aboutCookie} A session that the cookie held before ends.`,
    body: LoginPasskeyBody,
    bodyExample: loginPasskeyExample,
    success: {
      status: 200,
      description: 'A new session with its first access token.',
      schema: BrowserSignedInBody,
      example: browserSignedInExample,
    },
    rejections: ['invalid_credentials', 'too_many_requests'],
    usesDeviceToken: true,
    async handler({ body, sessionCookie, origin, device }) {
      const signedIn = await signInByPasskey(signIn, toPasskeySignIn(body, origin, device.presented))
      return await keepSignedIn(tokens, { sessionCookie, origin, device }, signedIn)
    },
  }),

  route({
    method: 'POST',
    path: '/browser/refresh/',
    access: 'browser',
    operationId: 'refreshInBrowser',
    tag,
    summary: 'Exchange the cookie for the next access token',
    description:
      'As `/token/refresh/`, with the refresh token of the cookie, whose successor takes its place. Two tabs that refresh at once are both served. A cookie that holds no token of this server is cleared; one of a session that is over stays, because another tab may have signed in in the meantime.',
    body: noFields,
    bodyExample: {},
    success: {
      status: 200,
      description: 'The next access token of the same session.',
      schema: BrowserAccessBody,
      example: { access: accessExample, session: sessionEndExample },
    },
    rejections: ['invalid_refresh_token', 'too_many_requests'],
    takesIdempotencyKey: true,
    async handler({ sessionCookie, idempotencyKey, origin }) {
      const { access, claims } = await refreshSession(tokens, sessionCookie, { idempotencyKey, origin })
      return toBrowserAccessBody({ access, end: await endOfKept(tokens, claims) })
    },
  }),

  sessionEndRoute(tokens),

  route({
    method: 'POST',
    path: '/browser/step_up/',
    access: 'browser',
    operationId: 'stepUpInBrowser',
    tag,
    summary: 'Confirm the identity again, for a page of this server',
    description:
      'As `/me/step_up/`, for the session of the cookie, whose token is exchanged for the next one as in `/browser/refresh/`, even if the proof is wrong.',
    body: StepUpBody,
    bodyExample: stepUpExample,
    success: {
      status: 200,
      description: 'The next access token of the same session, which says when and how it was proved.',
      schema: BrowserAccessBody,
      example: { access: accessExample, session: sessionEndExample },
    },
    rejections: ['invalid_refresh_token', 'invalid_token', 'too_many_requests'],
    takesIdempotencyKey: true,
    async handler({ body, sessionCookie, idempotencyKey, origin }) {
      assertOneFactor(body)
      const attempt = { sessionCookie, idempotencyKey, origin, presented: body as PresentedProof }
      return toBrowserAccessBody(await stepUpByCookie(stepUp, tokens, attempt))
    },
  }),

  route({
    method: 'POST',
    path: '/browser/logout/',
    access: 'browser',
    operationId: 'logOutInBrowser',
    tag,
    summary: 'Sign out and clear the cookie',
    description:
      'Ends the session of the cookie; its tokens are refused from the next request on. The answer is the same if there is none, or if it is already over.',
    body: noFields,
    bodyExample: {},
    success: {
      status: 204,
      description: 'No session of this cookie is alive any more.',
      headers: { 'clear-site-data': '"storage"' },
    },
    async handler({ sessionCookie, forwardCookie, origin }) {
      await endSession(tokens, sessionCookie, origin)
      if (forwardCookieDomain !== undefined) forwardCookie.clear(forwardCookieDomain)
    },
  }),
]
