import { type Static, Type } from '../http/index.ts'
import { EmailField, ownBodyFields, PasswordField, toOwnFields } from '../identity/index.ts'
import type { ClientInfo } from '../kernel/index.ts'
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

export const toRegistration = (body: Static<typeof RegistrationBody>, origin: ClientInfo): Registration => ({
  email: body.email,
  password: body.password,
  password2: body.password2,
  ...toOwnFields(body),
  origin,
})
