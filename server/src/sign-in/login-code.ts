import { userTarget } from '../audit/index.ts'
import { factorMethods } from '../factors/index.ts'
import { type StoredAccount, unusablePassword } from '../identity/index.ts'
import { type ClientInfo, type EpochMs, Rejection } from '../kernel/index.ts'
import {
  type FindProofDeps,
  findProof,
  type MailRequest,
  mailProof,
  mayMail,
  type PresentedProof,
  uselessProof,
} from '../proofs/index.ts'
import { type Authentication, endOtherSessions } from '../sessions/index.ts'
import { issueTokens, startSession } from '../tokens/index.ts'
import { deviceOf, type SignedIn, type SignInDeps, type SignInStores, toDeviceAccount } from './login.ts'
import { notifyOfNewDevice } from './new-device.ts'
import { openTicket, type SecondStep } from './ticket.ts'

export interface LoginCodeDeps extends SignInDeps, Omit<FindProofDeps, 'transaction' | 'throttle'> {
  /** Whether a code of a mail signs in at all. */
  readonly loginCode: 'on' | 'off'
}

/** Refuses with `not_found` where the settings do not offer it. */
export function assertLoginCode({ loginCode }: Pick<LoginCodeDeps, 'loginCode'>): void {
  if (loginCode === 'off') throw new Rejection('not_found')
}

/**
 * Sends a code that signs in for ten minutes, if the address belongs to an active account. The same to the caller where it is not.
 * Refuses with `not_found` (not offered) and `too_many_requests`.
 */
export async function requestLoginCode(deps: LoginCodeDeps, request: MailRequest): Promise<void> {
  assertLoginCode(deps)
  const nowMs = deps.clock.nowMs()
  if (!(await mayMail(deps, request, nowMs))) return
  const wanted = { kind: 'login_code', action: 'user.code_request' } as const
  await deps.transaction(stores => mailProof(stores, wanted, request, nowMs))
}

interface ByCode {
  readonly presented: PresentedProof
  readonly origin: ClientInfo
  /** The device token that came with the request, if any. */
  readonly deviceToken: string | undefined
}

/**
 * Signs in by the code of a mail, in the place of the password; gives a ticket for the second step where the account has a second
 * factor, which no mail is. Where the address was not proved before, the person who opened the account may not be its owner: that password and
 * those sessions end. Refuses with `not_found` (not offered), `invalid_request` or `too_many_requests`.
 */
export async function loginByCode(
  deps: LoginCodeDeps,
  { presented, origin, deviceToken }: ByCode,
): Promise<SignedIn | SecondStep> {
  assertLoginCode(deps)
  const nowMs = deps.clock.nowMs()
  const proof = await findProof(deps, { presented, kinds: ['login_code'], origin, nowMs })
  const found = proof.userId === null ? undefined : await deps.users.findAccount(proof.userId)
  if (found === undefined || found.user.email !== proof.email) throw uselessProof(presented)
  const deviceId = deviceOf(deps, found, deviceToken)

  const signedIn = await deps.transaction(async stores => {
    if (!(await stores.proofs.consume(proof.id, nowMs))) throw uselessProof(presented)
    const account = await proveAddress(stores, found, nowMs)
    const started =
      account && (await start(stores, deps, { account, origin, isKnown: deviceId !== undefined, nowMs }))
    if (account === undefined || started === undefined) throw uselessProof(presented)
    return { ...started, account }
  })
  if ('step' in signedIn) return signedIn.step
  const { account, user, started, grants } = signedIn
  const known = toDeviceAccount({ ...account, user })
  return {
    ...issueTokens(deps.issuer, started, grants, nowMs),
    user,
    deviceToken: deps.deviceTokens.issue(known, deviceId, nowMs),
  }
}

interface Proved {
  readonly account: StoredAccount
  readonly origin: ClientInfo
  /** Whether it came with a device token of the account. */
  readonly isKnown: boolean
  readonly nowMs: EpochMs
}

/** RFC 8176: a code of a mail is a one-time password, and no password. */
export const byMailCode: Authentication = { acr: 'aal1', amr: ['otp'] }

/** A session, or a ticket for the second step. Undefined when the account was closed, or its password changed, since it was read. */
async function start(stores: SignInStores, deps: LoginCodeDeps, { account, origin, isKnown, nowMs }: Proved) {
  const { id: userId, emailVerified } = account.user
  const user = await stores.users.recordLogin(userId, account.passwordHash, undefined, nowMs)
  if (user === undefined) return undefined
  const target = userTarget(userId)
  const methods = await factorMethods(stores, userId)
  if (methods.length > 0) {
    const ticket = await openTicket(stores.tickets, deps.random, { account, by: 'code' }, nowMs)
    const details = { method: 'code' }
    await stores.audit.append({ actorId: null, action: 'user.login_step', target, origin, details }, nowMs)
    const step: SecondStep = { next: 'second_factor', ticket, methods }
    return { step }
  }
  const authentication = byMailCode
  const started = await startSession(stores, deps, { userId, origin, nowMs, authentication })
  const { id, uuid: sessionId } = started.session
  await notifyOfNewDevice(stores, { session: started.session, origin, isKnown }, nowMs)
  const act = { actorId: userId, origin, nowMs }
  if (!emailVerified) await endOtherSessions(stores, { userId, sessionId }, 'password_change', act)
  const details = { session_id: id, method: 'code' }
  await stores.audit.append({ actorId: userId, action: 'user.login', target, origin, details }, nowMs)
  return { user, started, grants: await stores.userGrants.get(userId) }
}

/** The account as it is once its address is proved; undefined where it is closed or has another address by now. */
async function proveAddress(
  { users }: Pick<SignInStores, 'users'>,
  account: StoredAccount,
  nowMs: EpochMs,
): Promise<StoredAccount | undefined> {
  const { id, email, emailVerified, isActive } = account.user
  if (emailVerified) return isActive ? account : undefined
  const passwordHash = unusablePassword
  const isSet = await users.setPassword(id, { email, passwordHash, isProved: true }, nowMs)
  return isSet ? { ...account, passwordHash } : undefined
}
