import {
  aboutCookie,
  BrowserSignedInBody,
  type BrowserTokenDeps,
  browserSignedInExample,
  replaceSession,
  toBrowserSignedInBody,
} from '../browser/index.ts'
import { type Route, route, Type } from '../http/index.ts'
import { EmailField, ownBodyFields, PasswordField, registrationRules } from '../identity/index.ts'
import { registrationExample, toRegistration } from '../sign-in/index.ts'
import { assertUsableLink, makeFirstSuperuser, type SetupDeps } from './make-first-superuser.ts'

const tag = 'Setup'

/** Longer than any that is printed: one of another form is refused like any other that does not work. */
const TokenField = Type.String({ maxLength: 200, description: 'What stands behind `#token=` in the link.' })

const SetupLinkBody = Type.Object({ token: TokenField }, { $id: 'SetupLink', additionalProperties: false })

const FirstSuperuserBody = Type.Object(
  {
    token: TokenField,
    email: EmailField,
    password: PasswordField,
    password2: PasswordField,
    ...ownBodyFields,
  },
  { $id: 'FirstSuperuser', additionalProperties: false },
)

const tokenExample = 'q0cM9m1gq3f0cXkT2m7gqk4mQH1dUeWc8bIY5o0Vx7A'

const aboutLink =
  'A server that starts on a database without a superuser prints a link on its terminal: it works once, for an hour, and until the server is started again. A wrong, used or expired token, and any token once there is a superuser, get the same 404; too many of them from one network get 429.'

export const setupRoutes = (deps: SetupDeps, tokens: BrowserTokenDeps): readonly Route[] => [
  route({
    method: 'POST',
    path: '/setup/check/',
    access: 'public',
    operationId: 'checkSetupLink',
    tag,
    summary: 'Ask whether a setup link still works',
    description: `For the page that the link opens: it tells before a form is filled in. ${aboutLink}`,
    body: SetupLinkBody,
    bodyExample: { token: tokenExample },
    success: { status: 204, description: 'The link works.' },
    rejections: ['not_found', 'too_many_requests'],
    handler: ({ body, origin }) => assertUsableLink(deps, { ...body, origin }, deps.clock.nowMs()),
  }),

  route({
    method: 'POST',
    path: '/setup/',
    access: 'browser',
    operationId: 'makeFirstSuperuser',
    tag,
    summary: 'Make the first superuser by a setup link',
    description: `Opens an account that may do everything and signs it in at once. ${aboutLink} Where it succeeds, every setup link is used up. ${aboutCookie} A session that the cookie held before ends.`,
    body: FirstSuperuserBody,
    bodyExample: { token: tokenExample, ...registrationExample },
    rules: registrationRules(deps),
    success: {
      status: 201,
      description: 'The superuser exists and is signed in.',
      schema: BrowserSignedInBody,
      example: browserSignedInExample,
    },
    rejections: ['not_found', 'conflict', 'too_many_requests'],
    usesDeviceToken: true,
    async handler({ body: { token, ...account }, sessionCookie, origin, device }) {
      const signedIn = await makeFirstSuperuser(deps, { token, ...toRegistration(account, origin) })
      await replaceSession(tokens, sessionCookie, signedIn, origin)
      device.keep(signedIn.deviceToken)
      return toBrowserSignedInBody(signedIn)
    },
  }),
]
