import { NullableText, type Route, route, type Static, Type } from '../http/index.ts'
import {
  EmailField,
  ownBodyFields,
  PasswordField,
  registrationRules,
  toOwnFields,
} from '../identity/index.ts'
import type { ClientInfo } from '../kernel/index.ts'
import { tokenPairExample } from '../tokens/index.ts'
import type { SignedIn } from './login.ts'
import { login } from './login.ts'
import type { Registration } from './register.ts'
import { assertRegistrationOpen, type RegisterDeps, register } from './register.ts'

const tag = 'Sign-in and tokens'

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

export const LoginBody = Type.Object(
  { email: EmailField, password: PasswordField },
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

const SignedInBody = Type.Object(
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

const toSignedInBody = ({ access, refresh, user }: SignedIn) => ({
  access,
  refresh,
  user: toUserBrief(user),
})

export const signInRoutes = (deps: RegisterDeps): readonly Route[] => [
  route({
    method: 'POST',
    path: '/register/',
    access: 'public',
    operationId: 'register',
    tag,
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
    async handler({ body, origin, device }) {
      const signedIn = await register(deps, toRegistration(body, origin))
      device.keep(signedIn.deviceToken)
      return toSignedInBody(signedIn)
    },
  }),

  route({
    method: 'POST',
    path: '/login/',
    access: 'public',
    operationId: 'login',
    tag,
    summary: 'Sign in',
    description:
      'Starts a session with a password. An unknown address, a wrong password and a deactivated account get the same answer. After a few failures each further attempt is answered 429 for a growing while, whatever its password; `Retry-After` says how long, and trying meanwhile prolongs nothing. A device that signed in before is not held up by what others try: it shows the `Propusk-Device` that its last sign-in gave.',
    body: LoginBody,
    bodyExample: loginExample,
    success: {
      status: 200,
      description: 'A new session with its first pair of tokens.',
      schema: SignedInBody,
      example: signedInExample,
    },
    rejections: ['invalid_credentials', 'too_many_requests'],
    usesDeviceToken: true,
    async handler({ body, origin, device }) {
      const signedIn = await login(deps, { ...body, origin, deviceToken: device.presented })
      device.keep(signedIn.deviceToken)
      return toSignedInBody(signedIn)
    },
  }),
]
