import { networkOf } from '../addresses/index.ts'
import { userTarget } from '../audit/index.ts'
import {
  aboutCookie,
  BrowserSignedInBody,
  type BrowserTokenDeps,
  browserSignedInExample,
  keepSignedIn,
} from '../browser/index.ts'
import { type Route, route, Type } from '../http/index.ts'
import {
  assertUntaken,
  EmailField,
  initialFields,
  ownBodyFields,
  PasswordField,
  pickOwnFields,
  registrationRules,
} from '../identity/index.ts'
import { type ClientInfo, type EpochMs, message, Rejection, type Transact } from '../kernel/index.ts'
import type { RateLimiter } from '../rate-limits/index.ts'
import {
  firstDeviceToken,
  openAccount,
  type RegisterDeps,
  type Registration,
  registrationExample,
  type SignedIn,
  type SignInStores,
  toRegistration,
  validateRegistration,
} from '../sign-in/index.ts'
import { issueTokens } from '../tokens/index.ts'
import { hashSetupToken } from './setup-link.ts'
import type { SetupLinkStore } from './setup-link-store.sql.ts'

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
    description: `For the page that the link opens, so that it can say so before a form is filled in. ${aboutLink}`,
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
    summary: 'Create the first superuser with a setup link',
    description: `Creates an account that can do everything and signs it in at once. ${aboutLink} Where it succeeds, every setup link is used up. ${aboutCookie} A session that the cookie held before ends.`,
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
      return await keepSignedIn(tokens, { sessionCookie, origin, device }, signedIn)
    },
  }),
]

interface SetupDeps extends Omit<RegisterDeps, 'transaction' | 'throttle' | 'registration'> {
  readonly transaction: Transact<SignInStores & { readonly setupLinks: SetupLinkStore }>
  /** Committed state, read outside the transaction. */
  readonly setupLinks: Pick<SetupLinkStore, 'isUsable'>
  /** By network address: tokens that do not work. */
  readonly badTokens: RateLimiter
}

interface FirstSuperuser extends Registration {
  readonly token: string
}

/**
 * Makes the first superuser by a link that the server printed, and signs it in. Refuses with `not_found` (the link: one
 * answer for a wrong, used or expired token, and when there is a superuser), `too_many_requests` (the same, too often
 * from this network), `invalid_request` (every field named) or `conflict` (the address is taken).
 */
async function makeFirstSuperuser(
  deps: SetupDeps,
  { token, ...registration }: FirstSuperuser,
): Promise<SignedIn> {
  const nowMs = deps.clock.nowMs()
  const { origin } = registration
  // Checked before the costly hash, so that a caller without a valid link causes none; the transaction decides in any
  // case.
  await assertUsableLink(deps, { token, origin }, nowMs)
  const email = validateRegistration(deps, registration)
  await assertUntaken(deps.users, email)
  const passwordHash = await deps.hasher.hash(registration.password)

  const flags = { isStaff: true, isSuperuser: true }
  const account = { ...initialFields, ...pickOwnFields(registration), ...flags, email, passwordHash }
  const { user, started, grants } = await deps.transaction(async stores => {
    if (!(await stores.setupLinks.consume(hashSetupToken(token), nowMs))) throw uselessLink()
    const opened = await openAccount(stores, deps, account, { origin, nowMs })
    await stores.audit.append(
      {
        // The link says that its bearer may read the server's terminal, and not who that is.
        actorId: null,
        action: 'user.setup',
        target: userTarget(opened.user.id),
        origin,
        details: { email, session_id: opened.started.session.id },
      },
      nowMs,
    )
    return opened
  })
  const deviceToken = firstDeviceToken(deps, user, passwordHash, nowMs)
  return { ...issueTokens(deps.issuer, started, grants, nowMs), user, deviceToken }
}

interface Presented {
  readonly token: string
  readonly origin: ClientInfo
}

/**
 * Refuses a link that does not work, as `makeFirstSuperuser` does. Only refused links are counted: attempts by others
 * from the same network do not block the right link.
 */
async function assertUsableLink(
  { setupLinks, badTokens }: Pick<SetupDeps, 'setupLinks' | 'badTokens'>,
  { token, origin }: Presented,
  nowMs: EpochMs,
): Promise<void> {
  if (await setupLinks.isUsable(hashSetupToken(token), nowMs)) return
  badTokens.take(networkOf(origin.ipAddress))
  throw uselessLink()
}

const uselessLink = (): Rejection => new Rejection('not_found', { detail: message('setup.useless_link') })
