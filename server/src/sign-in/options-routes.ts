import { type Route, route, Type } from '../http/index.ts'
import type { SessionLimits } from '../sessions/index.ts'
import type { LoginCodeDeps } from './login-code.ts'
import type { RegisterDeps } from './register.ts'

const SignInOptionsBody = Type.Object(
  {
    registration: Type.Enum(['open', 'verified', 'closed']),
    mail: Type.Boolean({ description: 'Whether this server sends email, such as that for a new password.' }),
    login_code: Type.Boolean({ description: 'Whether a code from an email signs in.' }),
    password_min_length: Type.Integer({ description: 'Of a new password, in characters.' }),
    remember_device_days: Type.Union([Type.Integer(), Type.Null()], {
      description:
        'For how long a page of this server can leave the second step out in a browser; null: never.',
    }),
    session_idle: Type.Boolean({
      description: 'Whether sessions end when they are idle, unless a sign-in asks to be remembered.',
    }),
  },
  { $id: 'SignInOptions' },
)

type Deps = Pick<
  RegisterDeps & LoginCodeDeps,
  'registration' | 'isMailOn' | 'loginCode' | 'passwordMinLength' | 'sessionLimits' | 'rememberDeviceDays'
>

export const optionsRoutes = ({
  registration,
  isMailOn,
  loginCode,
  passwordMinLength,
  sessionLimits,
  rememberDeviceDays,
}: Deps): readonly Route[] => [
  route({
    method: 'GET',
    path: '/sign_in/options/',
    access: 'public',
    operationId: 'readSignInOptions',
    tag: 'Sign-in and tokens',
    summary: 'Read what a sign-in page can offer',
    description: 'By the settings of the server; the same for every caller.',
    success: {
      status: 200,
      description: 'What is offered.',
      schema: SignInOptionsBody,
      example: {
        registration: 'open',
        mail: true,
        login_code: false,
        password_min_length: 8,
        remember_device_days: null,
        session_idle: false,
      },
    },
    handler: () => ({
      registration,
      mail: isMailOn,
      login_code: loginCode === 'on',
      password_min_length: passwordMinLength,
      remember_device_days: rememberDeviceDays ?? null,
      session_idle: isIdleOn(sessionLimits),
    }),
  }),
]

/** An idle time that is no shorter than the life ends no session. */
const isIdleOn = ({ ttlMs, idleMs }: SessionLimits): boolean => idleMs !== undefined && idleMs < ttlMs
