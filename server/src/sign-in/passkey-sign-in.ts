import { networkOf } from '../addresses/index.ts'
import { type AuthenticationResponseJSON, actByFactor, byPasskeyAlone } from '../factors/index.ts'
import { type ClientInfo, message, Rejection } from '../kernel/index.ts'
import type { SignedIn } from './login.ts'
import { beginByFactor, type SecondStepDeps } from './second-step.ts'
import { assertUsable, purposeOfTicket, readTicket } from './ticket.ts'

/** What the challenge of a sign-in without a password is made for. */
const signInPurpose = 'sign-in'

/**
 * What a browser asks a passkey with: any of this origin for a sign-in by it alone, those of the account for the second step
 * of a ticket. Asking counts nothing at a ticket. Rejects with `invalid_credentials` where the ticket is of no use.
 */
export async function passkeySignInOptions(
  deps: SecondStepDeps,
  { ticket: presented, origin }: { readonly ticket: string | undefined; readonly origin: ClientInfo },
) {
  const { ceremonies, stores } = deps.byFactor
  if (presented === undefined) return await ceremonies.requestOptions(signInPurpose)
  const { id, secretHash } = readTicket(presented)
  const ticket = await deps.tickets.findUsable(id, secretHash, deps.clock.nowMs())
  const { account } = await assertUsable(deps, ticket, origin)
  return await ceremonies.requestOptions(purposeOfTicket(id), await stores.passkeys.list(account.user.id))
}

export interface PasskeySignIn {
  readonly passkey: AuthenticationResponseJSON
  readonly origin: ClientInfo
  /** Whether the session is to live on while it is idle. */
  readonly remember: boolean | undefined
  /** The device token that came with the request, if any. */
  readonly deviceToken: string | undefined
}

/**
 * Signs in by a passkey alone: a session of level `aal2`, since its authenticator has checked its user. Rejects with
 * `invalid_credentials`: one answer for a wrong or repeated signature, a challenge that is too old and a closed account. That of
 * an unknown passkey names its id (`errors['passkey.id']`): a browser is to forget that one, and no other (WebAuthn level 3,
 * section 5.1.10).
 */
export async function signInByPasskey(
  deps: SecondStepDeps,
  { passkey, origin, remember, deviceToken }: PasskeySignIn,
): Promise<SignedIn> {
  const stored = await deps.byFactor.stores.passkeys.find(passkey.id)
  if (stored === undefined) throw refused(deps, origin, 'passkey.id')
  const account = await deps.users.findAccount(stored.userId)
  if (account === undefined || !account.user.isActive) throw refused(deps, origin)
  const use = {
    user: account.user,
    presented: { passkey },
    purpose: signInPurpose,
    origin,
    failure: { action: 'user.login_failed', actorId: null },
  } as const
  const begun = await actByFactor(deps.byFactor, use, async (stores, _proven, nowMs) => {
    const found = { account, method: 'passkey', authentication: byPasskeyAlone }
    return await beginByFactor(stores, deps, { ...found, origin, remember, deviceToken }, nowMs)
  })
  if (begun === undefined) throw refused(deps, origin)
  return begun()
}

function refused(
  { badTickets }: SecondStepDeps,
  { ipAddress }: ClientInfo,
  field: 'passkey' | 'passkey.id' = 'passkey',
): Rejection {
  badTickets.take(networkOf(ipAddress))
  const detail = message('passkey.refused')
  return new Rejection('invalid_credentials', { detail, errors: { [field]: [detail] } })
}
