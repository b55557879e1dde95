import { networkOf } from '../addresses/index.ts'
import { userTarget } from '../audit/index.ts'
import {
  actByFactor,
  type FactorDeps,
  type FactorStores,
  methodsOf,
  type PresentedFactor,
} from '../factors/index.ts'
import { type ClientInfo, message, Rejection } from '../kernel/index.ts'
import type { RateLimiter } from '../rate-limits/index.ts'
import { issueTokens, startSession } from '../tokens/index.ts'
import { deviceOf, type SignedIn, type SignInDeps, type SignInStores, toDeviceAccount } from './login.ts'
import { isOfAccountNow, readTicket, uselessTicket } from './ticket.ts'

export type SecondStepStores = SignInStores & FactorStores

export interface SecondStepDeps extends SignInDeps {
  readonly byFactor: FactorDeps<SecondStepStores>
  /** By network address: tickets that cannot be used. */
  readonly badTickets: RateLimiter
}

export interface SecondStepAttempt {
  readonly ticket: string
  readonly presented: PresentedFactor
  readonly origin: ClientInfo
  /** The device token that came with the request, if any. */
  readonly deviceToken: string | undefined
}

/**
 * The second step of a sign-in: a session of level `aal2` for a ticket and a factor, both used up by it. Rejects with
 * `invalid_credentials` for a ticket that is unknown, expired, used or used up (`errors.ticket`: begin anew) and for a wrong
 * factor (`errors` names it: try another), and with `too_many_requests` after too many wrong ones at this account.
 */
export async function signInByFactor(
  deps: SecondStepDeps,
  { ticket: presentedTicket, presented, origin, deviceToken }: SecondStepAttempt,
): Promise<SignedIn> {
  const { id, secretHash } = readTicket(presentedTicket)
  const startedMs = deps.clock.nowMs()
  const ticket = await deps.transaction(({ tickets }) => tickets.takeAttempt(id, secretHash, startedMs))
  const account = ticket && (await deps.users.findAccount(ticket.userId))
  if (ticket === undefined || account === undefined || !isOfAccountNow(ticket, account)) {
    deps.badTickets.take(networkOf(origin.ipAddress))
    throw uselessTicket()
  }

  const use = {
    user: account.user,
    presented,
    origin,
    failure: { action: 'user.login_failed', actorId: null },
  } as const
  const signedIn = await actByFactor(deps.byFactor, use, async (stores, proven, nowMs) => {
    // Guarded, each: the ticket may be used elsewhere, the account closed or its password changed since.
    const isFirst = await stores.tickets.consume(id, secretHash, nowMs)
    const user =
      isFirst && (await stores.users.recordLogin(account.user.id, account.passwordHash, undefined, nowMs))
    if (!user) throw uselessTicket()
    const authentication = { acr: 'aal2', amr: methodsOf(proven) } as const
    const started = await startSession(stores, deps, { userId: user.id, origin, nowMs, authentication })
    await stores.audit.append(
      {
        actorId: user.id,
        action: 'user.login',
        target: userTarget(user.id),
        origin,
        details: { session_id: started.session.id, method: `password+${proven.method}` },
      },
      nowMs,
    )
    return { user, started, grants: await stores.userGrants.get(user.id), nowMs }
  })
  if (signedIn === undefined) throw wrongFactor(presented)
  const { user, started, grants, nowMs } = signedIn
  const known = toDeviceAccount({ ...account, user })
  const deviceId = deviceOf(deps, account, deviceToken)
  return {
    ...issueTokens(deps.issuer, started, grants, nowMs),
    user,
    deviceToken: deps.deviceTokens.issue(known, deviceId, nowMs),
  }
}

const wrongFactor = (presented: PresentedFactor): Rejection => {
  const field = presented.totp === undefined ? 'recovery' : 'totp'
  return new Rejection('invalid_credentials', {
    detail: message('factor.wrong'),
    errors: { [field]: [message('factor.wrong')] },
  })
}
