import { type Route, route, Type } from '../http/index.ts'
import type { SessionLimits } from '../sessions/index.ts'
import type { LoginCodeDeps } from './login-code.ts'
import type { RegisterDeps } from './register.ts'

const SignInOptionsBody = Type.Object(
  {
    registration: Type.Enum(['open', 'verified', 'closed']),
    mail: Type.Boolean({ description: 'Whether this server sends mail, such as one for a new password.' }),
    login_code: Type.Boolean({ description: 'Whether a code of a mail signs in.' }),
    session_idle: Type.Boolean({
      description: 'Whether sessions end when they are idle, unless a sign-in asks to be remembered.',
    }),
  },
  { $id: 'SignInOptions' },
)

type Deps = Pick<RegisterDeps & LoginCodeDeps, 'registration' | 'isMailOn' | 'loginCode' | 'sessionLimits'>

export const optionsRoutes = ({
  registration,
  isMailOn,
  loginCode,
  sessionLimits,
}: Deps): readonly Route[] => [
  route({
    method: 'GET',
    path: '/sign_in/options/',
    access: 'public',
    operationId: 'readSignInOptions',
    tag: 'Sign-in and tokens',
    summary: 'Read what a sign-in page may offer',
    description: 'By the settings of the server; the same for every caller.',
    success: {
      status: 200,
      description: 'What is offered.',
      schema: SignInOptionsBody,
      example: { registration: 'open', mail: true, login_code: false, session_idle: false },
    },
    handler: () => ({
      registration,
      mail: isMailOn,
      login_code: loginCode === 'on',
      session_idle: isIdleOn(sessionLimits),
    }),
  }),
]

/** An idle time that is no shorter than the life ends no session. */
const isIdleOn = ({ ttlMs, idleMs }: SessionLimits): boolean => idleMs !== undefined && idleMs < ttlMs
