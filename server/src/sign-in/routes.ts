import {
  type AuthenticationResponseJSON,
  assertOneFactor,
  FactorFields,
  PasskeyRequestBody,
  type PresentedFactor,
  passkeyRequestExample,
  SignedPasskeyField,
  signedPasskeyExample,
} from '../factors/index.ts'
import { NullableText, type Route, route, type Static, Type } from '../http/index.ts'
import { EmailField, PasswordField, registrationRules } from '../identity/index.ts'
import type { ClientInfo } from '../kernel/index.ts'
import { tokenPairExample } from '../tokens/index.ts'
import type { SignedIn } from './login.ts'
import { login } from './login.ts'
import { type PasskeySignIn, passkeySignInOptions, signInByPasskey } from './passkey-sign-in.ts'
import { assertRegistrationOpen, type RegisterDeps, register } from './register.ts'
import { RegistrationBody, registrationExample, toRegistration } from './registration-schemas.ts'
import { type SecondStepAttempt, type SecondStepDeps, signInByFactor } from './second-step.ts'
import type { SecondStep } from './ticket.ts'
import { verifiedRoute } from './verified-routes.ts'

const tag = 'Sign-in and tokens'

/** `PROPUSK_SESSION_IDLE` */
const RememberField = Type.Optional(
  Type.Boolean({
    description:
      'Where sessions end when they are idle: gives this one its whole life. Elsewhere it changes nothing.',
  }),
)

export const LoginBody = Type.Object(
  { email: EmailField, password: PasswordField, remember: RememberField },
  { $id: 'Login', additionalProperties: false },
)

export const loginExample = { email: 'anna.petrova@example.com', password: 'correct horse battery staple' }

export const UserBriefBody = Type.Object(
  {
    id: Type.Integer(),
    email: Type.String(),
    first_name: NullableText,
    last_name: NullableText,
    middle_name: NullableText,
  },
  { $id: 'UserBrief' },
)

export const SecondStepBody = Type.Object(
  {
    next: Type.Literal('second_factor'),
    ticket: Type.String({
      description: 'SECRET: for `/login/factor/`. Works once, for ten minutes and five factors.',
    }),
    methods: Type.Array(
      Type.Union([Type.Literal('passkey'), Type.Literal('totp'), Type.Literal('recovery')]),
      {
        description: 'What the account can show, in the order in which a page offers it.',
      },
    ),
  },
  { $id: 'SecondStep' },
)

export const SignedInBody = Type.Object(
  { access: Type.String(), refresh: Type.String(), user: UserBriefBody },
  { $id: 'SignedIn' },
)

export const signedInExample = {
  ...tokenPairExample,
  user: {
    id: 52,
    email: 'anna.petrova@example.com',
    first_name: 'Анна',
    last_name: 'Петрова',
    middle_name: null,
  },
}

export const toUserBrief = ({ id, email, firstName, lastName, middleName }: SignedIn['user']) => ({
  id,
  email,
  first_name: firstName,
  last_name: lastName,
  middle_name: middleName,
})

export const toSignedInBody = ({ access, refresh, user }: SignedIn) => ({
  access,
  refresh,
  user: toUserBrief(user),
})

export const toSecondStepBody = ({ next, ticket, methods }: SecondStep) => ({
  next,
  ticket,
  methods: [...methods],
})

const loginFactorFields = {
  ticket: Type.String({ minLength: 1, maxLength: 200 }),
  ...FactorFields,
  remember: RememberField,
}

/** The same of a page of this server, whose cookie can remember the browser. */
export const BrowserLoginFactorBody = Type.Object(
  {
    ...loginFactorFields,
    remember_device: Type.Optional(
      Type.Boolean({
        description:
          'Where `PROPUSK_REMEMBER_DEVICE` is set: does not ask this browser for the second factor for so long. Elsewhere it changes nothing.',
      }),
    ),
  },
  { $id: 'BrowserLoginFactor', additionalProperties: false, description: 'The ticket, and one factor.' },
)

export const LoginFactorBody = Type.Object(loginFactorFields, {
  $id: 'LoginFactor',
  additionalProperties: false,
  description: 'The ticket, and one factor.',
})

export const loginFactorExample = {
  ticket: '0190c5d4-7e3a-7c1f-9d52-5b8a2f6e4c10.gW2vS0hQm8xJ3n',
  totp: '492039',
}

export const aboutSecondStep =
  'Takes the ticket of `/login/` and one factor: a code of an authenticator app, a recovery code, or a passkey that was asked with the options of this ticket. Both are used up by it. A ticket that is used, too old or was tried five times is a 401 with `errors.ticket`: begin anew with the password. A wrong factor is a 401 whose `errors` name it. Wrong ones are counted for the account, over all its tickets; after a few of them each further one is answered 429 for a growing while.'

export const LoginPasskeyBody = Type.Object(
  { passkey: SignedPasskeyField, remember: RememberField },
  { $id: 'LoginPasskey', additionalProperties: false },
)

export const loginPasskeyExample = { passkey: signedPasskeyExample }

export const aboutPasskeyLogin =
  'Takes what a passkey of this origin signed, whose challenge came from `/login/passkey/options/` and can be answered once. No password is asked for: the authenticator has checked its user. A wrong signature, a challenge that is too old and a closed account get the same answer; that of an unknown passkey names `passkey.id` in `errors`, by which a page has the browser forget it (`signalUnknownCredential`).'

export const toPasskeySignIn = (
  { passkey, remember }: Static<typeof LoginPasskeyBody>,
  origin: ClientInfo,
  deviceToken: string | undefined,
): PasskeySignIn => ({
  passkey: passkey as AuthenticationResponseJSON,
  origin,
  remember,
  deviceToken,
})

export function toSecondStepAttempt(
  { ticket, remember, ...presented }: Static<typeof LoginFactorBody>,
  origin: ClientInfo,
  deviceToken: string | undefined,
): SecondStepAttempt {
  assertOneFactor(presented)
  return { ticket, presented: presented as PresentedFactor, origin, remember, deviceToken }
}

const registerPlace = { path: '/register/', access: 'public', operationId: 'register', tag } as const

const openRoute = (deps: RegisterDeps): Route =>
  route({
    method: 'POST',
    ...registerPlace,
    summary: 'Open an account',
    description:
      'Opens an account and signs it in at once. The address is trimmed and lower-cased; the password is taken as it is. ' +
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
      'Starts a session with a password. An unknown address, a wrong password and a deactivated account get the same answer. After a few failures each further attempt is answered 429 for a growing while, whatever its password; `Retry-After` says how long, and trying meanwhile prolongs nothing. Where the account has a second factor the answer is no session, but `{"next": "second_factor"}` with a ticket for `/login/factor/`. A device that signed in before is not held up by what others try: it shows the `Propusk-Device` that its last sign-in gave.',
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
    summary: 'Sign in by a passkey',
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
