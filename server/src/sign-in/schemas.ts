import {
  type AuthenticationResponseJSON,
  assertOneFactor,
  FactorFields,
  type PresentedFactor,
  SignedPasskeyField,
  signedPasskeyExample,
} from '../factors/index.ts'
import { NullableText, type Static, Type } from '../http/index.ts'
import { EmailField, ownBodyFields, PasswordField, toOwnFields } from '../identity/index.ts'
import type { ClientInfo } from '../kernel/index.ts'
import { tokenPairExample } from '../tokens/index.ts'
import type { SignedIn } from './login.ts'
import type { PasskeySignIn } from './passkey-sign-in.ts'
import type { Registration } from './register.ts'
import type { SecondStepAttempt } from './second-step.ts'
import type { SecondStep } from './ticket.ts'

export const RegistrationBody = Type.Object(
  {
    email: EmailField,
    password: PasswordField,
    password2: PasswordField,
    ...ownBodyFields,
  },
  { $id: 'Registration', additionalProperties: false },
)

export const registrationExample = {
  email: 'anna.petrova@example.com',
  password: 'correct horse battery staple',
  password2: 'correct horse battery staple',
  first_name: 'Анна',
  last_name: 'Петрова',
}

export const toRegistration = (body: Static<typeof RegistrationBody>, origin: ClientInfo): Registration => ({
  email: body.email,
  password: body.password,
  password2: body.password2,
  ...toOwnFields(body),
  origin,
})

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
  'Takes the ticket of `/login/` and one factor: a code of an authenticator app, a recovery code, or a passkey that was asked with the options of this ticket. Both are used up by it. A ticket that is used, too old or was tried five times is a 401 with `errors.ticket`: start over with the password. A wrong factor is a 401 whose `errors` name it. Wrong ones are counted per account, over all its tickets; after a few of them each further one is answered 429 for a growing time.'

export const LoginPasskeyBody = Type.Object(
  { passkey: SignedPasskeyField, remember: RememberField },
  { $id: 'LoginPasskey', additionalProperties: false },
)

export const loginPasskeyExample = { passkey: signedPasskeyExample }

export const aboutPasskeyLogin =
  'Takes what a passkey of this origin signed, whose challenge came from `/login/passkey/options/` and can be answered once. No password is asked for: the authenticator has checked its user. A wrong signature, a challenge that is too old and a deactivated account get the same answer; that of an unknown passkey names `passkey.id` in `errors`, so that a page can have the browser forget it (`signalUnknownCredential`).'

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
