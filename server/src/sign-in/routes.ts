import { type Route, route } from '../http/index.ts'
import { registrationRules } from '../identity/index.ts'
import { login } from './login.ts'
import { assertRegistrationOpen, type RegisterDeps, register } from './register.ts'
import {
  LoginBody,
  loginExample,
  RegistrationBody,
  registrationExample,
  SignedInBody,
  signedInExample,
  toRegistration,
  toSignedInBody,
} from './schemas.ts'

const tag = 'Sign-in and tokens'

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
