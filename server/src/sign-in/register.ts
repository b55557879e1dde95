import { networkOf } from '../addresses/index.ts'
import { userTarget } from '../audit/index.ts'
import {
  acceptedEmail,
  assertUntaken,
  emailTaken,
  initialFields,
  type LeakedPasswords,
  type NewUser,
  type OwnFields,
  passwordPolicyOf,
  pickOwnFields,
  type User,
  validateNewAccount,
  validateRepetition,
} from '../identity/index.ts'
import { type ClientInfo, type EpochMs, type Locale, Rejection } from '../kernel/index.ts'
import { mayMailTo, type ProofStore } from '../proofs/index.ts'
import { issueTokens, startSession } from '../tokens/index.ts'
import type { SignedIn, SignInDeps, SignInStores } from './login.ts'

export interface RegisterDeps extends SignInDeps {
  /** `verified`: the account is made when its address is proved. */
  readonly registration: 'open' | 'verified' | 'closed'
  readonly passwordMinLength: number
  readonly leakedPasswords: LeakedPasswords
  /** Committed state. */
  readonly proofs: Pick<ProofStore, 'listLive'>
  readonly isMailOn: boolean
}

export interface Registration extends OwnFields {
  readonly email: string
  readonly password: string
  readonly password2: string
  readonly origin: ClientInfo
}

/**
 * Opens an account and signs it in: validate, uniqueness, hash, account, tokens, session, answer. Refuses with
 * `registration_closed`, `invalid_request` (every field named), `too_many_requests` (from this network) or `conflict`
 * (the address is taken).
 */
export async function register(
  deps: RegisterDeps,
  registration: Registration,
  locale: Locale,
): Promise<SignedIn> {
  assertRegistrationOpen(deps)
  const nowMs = deps.clock.nowMs()
  const email = validateRegistration(deps, registration)
  // Also before the look at the address: each tells whether one is taken.
  await deps.throttle.take('registration', networkOf(registration.origin.ipAddress), nowMs)

  // A look before the costly hash; the unique index decides in any case.
  await assertUntaken(deps.users, email)
  const passwordHash = await deps.hasher.hash(registration.password)

  const { origin } = registration
  const mayMail = deps.isMailOn && (await mayMailTo(deps, email, nowMs))
  const account = { ...initialFields, ...pickOwnFields(registration), email, passwordHash }
  const { user, started, grants } = await deps.transaction(async stores => {
    const opened = await openAccount(stores, deps, account, { origin, nowMs })
    await stores.audit.append(
      {
        actorId: opened.user.id,
        action: 'user.register',
        target: userTarget(opened.user.id),
        origin,
        details: { session_id: opened.started.session.id },
      },
      nowMs,
    )
    if (mayMail) await addVerification(stores, opened.user, locale, nowMs)
    return opened
  })
  return {
    ...issueTokens(deps.issuer, started, grants, nowMs),
    user,
    deviceToken: firstDeviceToken(deps, user, passwordHash, nowMs),
  }
}

/** The mail that proves the address of a new account. */
async function addVerification(
  { proofs, outbox }: SignInStores,
  { id: userId, email }: User,
  locale: Locale,
  nowMs: EpochMs,
): Promise<void> {
  const proof = await proofs.add({ kind: 'email_verify', userId, email }, nowMs)
  const mail = { kind: 'email_verify', locale, toEmail: email, userId, proofId: proof.id } as const
  await outbox.add({ ...mail, details: {} }, nowMs)
}

/** The device token of the device that opened an account. */
export const firstDeviceToken = (
  { deviceTokens }: Pick<RegisterDeps, 'deviceTokens'>,
  { id: userId, email }: User,
  passwordHash: string,
  nowMs: EpochMs,
): string => deviceTokens.issue({ userId, email, passwordHash, loggedOutAtMs: null }, undefined, nowMs)

export function assertRegistrationOpen({ registration }: Pick<RegisterDeps, 'registration'>): void {
  if (registration === 'closed') throw new Rejection('registration_closed')
}

/**
 * Adds an account and begins its first session, in a transaction whose caller writes the audit event. Refuses with
 * `conflict` when the address is taken.
 */
export async function openAccount(
  stores: SignInStores,
  deps: Pick<RegisterDeps, 'random' | 'sessionLimits'>,
  account: NewUser,
  { origin, nowMs }: { readonly origin: ClientInfo; readonly nowMs: EpochMs },
) {
  const added = await stores.users.add(account, nowMs)
  if (added === 'taken') throw emailTaken()
  const user = (await stores.users.recordLogin(added.id, account.passwordHash, undefined, nowMs))!
  const started = await startSession(stores, deps, { userId: user.id, origin, nowMs })
  return { user, started, grants: await stores.userGrants.get(user.id) }
}

/** The canonical address, or a rejection that names every field that does not fit. */
export function validateRegistration(
  deps: Pick<RegisterDeps, 'passwordMinLength' | 'leakedPasswords'>,
  registration: Registration,
): string {
  const { email, errors } = validateNewAccount(passwordPolicyOf(deps), registration)
  return acceptedEmail({ email, errors: { ...errors, ...validateRepetition(registration) } })
}
