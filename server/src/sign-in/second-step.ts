import { userTarget } from '../audit/index.ts'
import {
  actByFactor,
  type FactorDeps,
  type FactorStores,
  methodsOf,
  type PresentedFactor,
  wrongFactor,
} from '../factors/index.ts'
import type { StoredAccount } from '../identity/index.ts'
import type { ClientInfo, EpochMs } from '../kernel/index.ts'
import type { RateLimiter } from '../rate-limits/index.ts'
import { rememberDevice as rememberDeviceOf } from '../remembered-devices/index.ts'
import { type Authentication, byPassword } from '../sessions/index.ts'
import { issueTokens, startSession } from '../tokens/index.ts'
import { deviceOf, type SignedIn, type SignInDeps, type SignInStores, toDeviceAccount } from './login.ts'
import { byMailCode } from './login-code.ts'
import { notifyOfNewDevice } from './new-device.ts'
import { assertUsable, purposeOfTicket, readTicket, uselessTicket } from './ticket.ts'
import type { TicketStore } from './ticket-store.sql.ts'

type SecondStepStores = SignInStores & FactorStores

export interface SecondStepDeps extends SignInDeps {
  readonly byFactor: FactorDeps<SecondStepStores>
  /** Committed state. */
  readonly tickets: Pick<TicketStore, 'findUsable'>
  /** By network address: tickets and passkeys that cannot be used. */
  readonly badTickets: RateLimiter
}

export interface SecondStepAttempt {
  readonly ticket: string
  readonly presented: PresentedFactor
  readonly origin: ClientInfo
  /** Whether the session is to live on while it is idle. */
  readonly remember?: boolean | undefined
  /** The device token that came with the request, if any. */
  readonly deviceToken: string | undefined
  /** Asks to remember the browser, with what its cookie holds now; only a page of ours can. */
  readonly rememberDevice?: { readonly presented: string | undefined } | undefined
}

/**
 * The second step of a sign-in: a session of level `aal2` for a ticket and a factor, both used up by it. Rejects with
 * `invalid_credentials` for a ticket that is unknown, expired, used or used up (`errors.ticket`: begin anew) and for a wrong
 * factor (`errors` names it: try another), and with `too_many_requests` after too many wrong ones at this account.
 */
export async function signInByFactor(
  deps: SecondStepDeps,
  { ticket: presentedTicket, presented, origin, remember, deviceToken, rememberDevice }: SecondStepAttempt,
): Promise<SignedIn> {
  const { id, secretHash } = readTicket(presentedTicket)
  const startedMs = deps.clock.nowMs()
  const taken = await deps.transaction(({ tickets }) => tickets.takeAttempt(id, secretHash, startedMs))
  const { ticket, account } = await assertUsable(deps, taken, origin)

  const use = {
    user: account.user,
    presented,
    purpose: purposeOfTicket(id),
    origin,
    failure: { action: 'user.login_failed', actorId: null },
  } as const
  const begun = await actByFactor(deps.byFactor, use, async (stores, proven, nowMs) => {
    // Guarded: the ticket may be used elsewhere meanwhile.
    if (!(await stores.tickets.consume(id, secretHash, nowMs))) throw uselessTicket()
    const { firstStep } = ticket
    const first = firstStep === 'code' ? byMailCode : byPassword
    const begin = {
      account,
      method: `${firstStep}+${proven.method}`,
      authentication: { acr: 'aal2', amr: methodsOf(proven, first.amr) } as const,
      origin,
      remember,
      deviceToken,
      rememberDevice,
    }
    return await beginByFactor(stores, deps, begin, nowMs)
  })
  if (begun === undefined) throw wrongFactor(presented)
  return begun()
}

interface BeginByFactor {
  readonly account: StoredAccount
  /** For the audit. */
  readonly method: string
  readonly authentication: Authentication
  readonly origin: ClientInfo
  readonly remember: boolean | undefined
  readonly deviceToken: string | undefined
  readonly rememberDevice?: SecondStepAttempt['rememberDevice']
}

/**
 * Begins the session of a sign-in whose factor was right, in the transaction that has used it up. Gives what makes its
 * tokens, to be called after the commit. Rejects with `invalid_credentials` when the account was closed, or its password
 * changed, since it was read.
 */
export async function beginByFactor(
  stores: SignInStores,
  deps: SecondStepDeps,
  { account, method, authentication, origin, remember, deviceToken, rememberDevice }: BeginByFactor,
  nowMs: EpochMs,
): Promise<() => SignedIn> {
  const { id } = account.user
  const user = await stores.users.recordLogin(id, account.passwordHash, undefined, nowMs)
  if (user === undefined) throw uselessTicket()
  const started = await startSession(stores, deps, { userId: id, origin, nowMs, authentication, remember })
  const deviceId = deviceOf(deps, account, deviceToken)
  const isKnown = deviceId !== undefined
  await notifyOfNewDevice(stores, { session: started.session, origin, isKnown }, nowMs)
  const details = { session_id: started.session.id, method }
  await stores.audit.append(
    { actorId: id, action: 'user.login', target: userTarget(id), origin, details },
    nowMs,
  )
  const days = deps.rememberDeviceDays
  const remembered =
    rememberDevice === undefined || days === undefined
      ? undefined
      : await rememberDeviceOf(stores, deps.random, { ...rememberDevice, account, origin, days }, nowMs)
  const grants = await stores.userGrants.get(id)
  return () => ({
    remembered,
    ...issueTokens(deps.issuer, started, grants, nowMs),
    user,
    deviceToken: deps.deviceTokens.issue(toDeviceAccount({ ...account, user }), deviceId, nowMs),
  })
}
