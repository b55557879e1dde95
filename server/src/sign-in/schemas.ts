import { NullableText, type Static, Type } from '../http/index.ts'
import { EmailField, ownBodyFields, PasswordField, toOwnFields } from '../identity/index.ts'
import type { Origin } from '../kernel/index.ts'
import { tokenPairExample } from '../tokens/index.ts'
import type { SignedIn } from './accounts.ts'
import type { Registration } from './register.ts'

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

export const toRegistration = (body: Static<typeof RegistrationBody>, origin: Origin): Registration => ({
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
