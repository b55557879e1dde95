import { networkOf } from '../addresses/index.ts'
import { userTarget } from '../audit/index.ts'
import { initialFields, pickOwnFields } from '../identity/index.ts'
import { type EpochMs, message, type Origin, Rejection, type Transact } from '../kernel/index.ts'
import type { RateLimiter } from '../rate-limits/index.ts'
import {
  assertUntaken,
  firstDeviceToken,
  judgeRegistration,
  openAccount,
  type RegisterDeps,
  type Registration,
  type SignedIn,
  type SignInStores,
} from '../sign-in/index.ts'
import { issueTokens } from '../tokens/index.ts'
import type { SetupLinkStore } from './setup-link-store.sql.ts'
import { hashSetupToken } from './setup-token.ts'

export interface SetupDeps extends Omit<RegisterDeps, 'transaction' | 'throttle' | 'registration'> {
  readonly transaction: Transact<SignInStores & { readonly setupLinks: SetupLinkStore }>
  /** Committed state, read outside the transaction. */
  readonly setupLinks: Pick<SetupLinkStore, 'isUsable'>
  /** By network address: tokens that do not work. */
  readonly badTokens: RateLimiter
}

export interface FirstSuperuser extends Registration {
  readonly token: string
}

/**
 * Makes the first superuser by a link that the server printed, and signs it in. Refuses with `not_found` (the link: one
 * answer for a wrong, used or expired token, and when there is a superuser), `too_many_requests` (the same, too often
 * from this network), `invalid_request` (every field named) or `conflict` (the address is taken).
 */
export async function makeFirstSuperuser(
  deps: SetupDeps,
  { token, ...registration }: FirstSuperuser,
): Promise<SignedIn> {
  const nowMs = deps.clock.nowMs()
  const { origin } = registration
  // Checked before the costly hash, so that a caller without a valid link causes none; the transaction decides in any
  // case.
  await assertUsableLink(deps, { token, origin }, nowMs)
  const email = judgeRegistration(deps, registration)
  await assertUntaken(deps.users, email)
  const passwordHash = await deps.hasher.hash(registration.password)

  const flags = { isStaff: true, isSuperuser: true }
  const account = { ...initialFields, ...pickOwnFields(registration), ...flags, email, passwordHash }
  const { user, started, standing } = await deps.transaction(async stores => {
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
  return { ...issueTokens(deps.issuer, started, standing, nowMs), user, deviceToken }
}

interface Presented {
  readonly token: string
  readonly origin: Origin
}

/**
 * Refuses a link that does not work, as `makeFirstSuperuser` does. Only refused links are counted: attempts by others
 * from the same network do not block the right link.
 */
export async function assertUsableLink(
  { setupLinks, badTokens }: Pick<SetupDeps, 'setupLinks' | 'badTokens'>,
  { token, origin }: Presented,
  nowMs: EpochMs,
): Promise<void> {
  if (await setupLinks.isUsable(hashSetupToken(token), nowMs)) return
  badTokens.take(networkOf(origin.ipAddress))
  throw uselessLink()
}

const uselessLink = (): Rejection => new Rejection('not_found', { detail: message('setup.useless_link') })
