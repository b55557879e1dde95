import { PasskeyRequestBody, passkeyRequestExample } from '../factors/index.ts'
import { type Route, route, Type } from '../http/index.ts'
import { registrationRules } from '../identity/index.ts'
import { login } from './login.ts'
import { passkeySignInOptions, signInByPasskey } from './passkey-sign-in.ts'
import { assertRegistrationOpen, type RegisterDeps, register } from './register.ts'
import {
  aboutPasskeyLogin,
  aboutSecondStep,
  LoginBody,
  LoginFactorBody,
  LoginPasskeyBody,
  loginExample,
  loginFactorExample,
  loginPasskeyExample,
  RegistrationBody,
  registrationExample,
  SecondStepBody,
  SignedInBody,
  signedInExample,
  toPasskeySignIn,
  toRegistration,
  toSecondStepAttempt,
  toSecondStepBody,
  toSignedInBody,
} from './schemas.ts'
import { type SecondStepDeps, signInByFactor } from './second-step.ts'
import { verifiedRoute } from './verified-routes.ts'

const tag = 'Sign-in and tokens'

const registerPlace = { path: '/register/', access: 'public', operationId: 'register', tag } as const

const openRoute = (deps: RegisterDeps): Route =>
  route({
    method: 'POST',
    ...registerPlace,
    summary: 'Create an account',
    description:
      'Creates an account and signs it in at once. The address is trimmed and lower-cased; the password is taken as it is. ' +
      'A new password is refused when it is too short, among the common or leaked ones, or equal to the address or a name.',
    body: RegistrationBody,
    bodyExample: registrationExample,
    rules: registrationRules(deps),
    success: {
      status: 201,
      description: 'The account exists and is signed in.',
      schema: SignedInBody,
      example: signedInExample,
    },
    rejections: ['conflict', 'registration_closed', 'too_many_requests'],
    assertOpen: () => assertRegistrationOpen(deps),
    usesDeviceToken: true,
    async handler({ body, origin, device, locale }) {
      const signedIn = await register(deps, toRegistration(body, origin), locale)
      device.keep(signedIn.deviceToken)
      return toSignedInBody(signedIn)
    },
  })

export const signInRoutes = (deps: RegisterDeps & SecondStepDeps): readonly Route[] => [
  deps.registration === 'verified' ? verifiedRoute(deps, registerPlace) : openRoute(deps),

  route({
    method: 'POST',
    path: '/login/',
    access: 'public',
    operationId: 'login',
    tag,
    summary: 'Sign in',
    description:
      'Starts a session with a password. An unknown address, a wrong password and a deactivated account get the same answer. After a few failures each further attempt is answered 429 for a growing time, whatever its password; `Retry-After` says how long, and trying in the meantime does not prolong it. If the account has a second factor, the answer is not a session but `{"next": "second_factor"}` with a ticket for `/login/factor/`. A device that signed in before is not slowed down by what others try: it sends the `Propusk-Device` that its last sign-in gave.',
    body: LoginBody,
    bodyExample: loginExample,
    success: {
      status: 200,
      description: 'A new session with its first pair of tokens, or a ticket for the second step.',
      schema: Type.Union([SignedInBody, SecondStepBody]),
      example: signedInExample,
    },
    rejections: ['invalid_credentials', 'too_many_requests'],
    usesDeviceToken: true,
    async handler({ body, origin, device }) {
      const signedIn = await login(deps, { ...body, origin, deviceToken: device.presented })
      if ('next' in signedIn) return toSecondStepBody(signedIn)
      device.keep(signedIn.deviceToken)
      return toSignedInBody(signedIn)
    },
  }),

  route({
    method: 'POST',
    path: '/login/factor/',
    access: 'public',
    operationId: 'logInByFactor',
    tag,
    summary: 'The second step of a sign-in',
    description: aboutSecondStep,
    body: LoginFactorBody,
    bodyExample: loginFactorExample,
    success: {
      status: 200,
      description: 'A new session with its first pair of tokens.',
      schema: SignedInBody,
      example: signedInExample,
    },
    rejections: ['invalid_credentials', 'too_many_requests'],
    usesDeviceToken: true,
    async handler({ body, origin, device }) {
      const signedIn = await signInByFactor(deps, toSecondStepAttempt(body, origin, device.presented))
      device.keep(signedIn.deviceToken)
      return toSignedInBody(signedIn)
    },
  }),

  route({
    method: 'POST',
    path: '/login/passkey/options/',
    access: 'public',
    operationId: 'passkeySignInOptions',
    tag,
    summary: 'Begin a sign-in by passkey',
    description:
      'What `PublicKeyCredential.parseRequestOptionsFromJSON()` of a browser takes. Without a ticket it is for a sign-in by the passkey alone, and says nothing of any account; with the ticket of a sign-in in two steps it names the passkeys of that account. The challenge can be answered once, within five minutes.',
    body: Type.Object(
      { ticket: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })) },
      { $id: 'PasskeySignInStart', additionalProperties: false },
    ),
    bodyExample: {},
    success: {
      status: 200,
      description: 'The options, with a challenge.',
      schema: PasskeyRequestBody,
      example: passkeyRequestExample,
    },
    rejections: ['invalid_credentials', 'too_many_requests'],
    handler: async ({ body: { ticket }, origin }) => ({
      ...(await passkeySignInOptions(deps, { ticket, origin })),
    }),
  }),

  route({
    method: 'POST',
    path: '/login/passkey/',
    access: 'public',
    operationId: 'logInByPasskey',
    tag,
    summary: 'Sign in with a passkey',
    description: aboutPasskeyLogin,
    body: LoginPasskeyBody,
    bodyExample: loginPasskeyExample,
    success: {
      status: 200,
      description: 'A new session with its first pair of tokens.',
      schema: SignedInBody,
      example: signedInExample,
    },
    rejections: ['invalid_credentials', 'too_many_requests'],
    usesDeviceToken: true,
    async handler({ body, origin, device }) {
      const signedIn = await signInByPasskey(deps, toPasskeySignIn(body, origin, device.presented))
      device.keep(signedIn.deviceToken)
      return toSignedInBody(signedIn)
    },
  }),
]
