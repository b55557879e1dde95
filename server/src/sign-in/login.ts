import type { GrantsStore } from '../access/index.ts'
import { userTarget } from '../audit/index.ts'
import {
  type FactorMethod,
  type FactorStore,
  factorMethods,
  type PasskeyStore,
  type RecoveryCodeStore,
} from '../factors/index.ts'
import {
  comparablePassword,
  type PasswordHasher,
  parseKnownEmail,
  type StoredAccount,
  type User,
  type UserStore,
} from '../identity/index.ts'
import {
  type ClientInfo,
  type Clock,
  type EpochMs,
  type Random,
  Rejection,
  type Transact,
  type UserId,
} from '../kernel/index.ts'
import type { OutboxStore } from '../mail/index.ts'
import type { ProofStore } from '../proofs/index.ts'
import {
  type PresentedDevice,
  type RememberedCookie,
  type RememberedDeviceStore,
  useRememberedDevice,
} from '../remembered-devices/index.ts'
import type { EndingStores, SessionLimits } from '../sessions/index.ts'
import type {
  DeviceAccount,
  DeviceTokens,
  SignInAttempt,
  Throttle,
  ThrottleStore,
} from '../throttle/index.ts'
import {
  issueTokens,
  type RefreshTokenStore,
  startSession,
  type TokenIssuer,
  type TokenPair,
} from '../tokens/index.ts'
import { notifyOfNewDevice } from './new-device.ts'
import { openTicket, type SecondStep } from './ticket.ts'
import type { TicketStore } from './ticket-store.sql.ts'

/** What registration and sign-in write to, in one transaction. */
export interface SignInStores extends EndingStores {
  readonly factors: FactorStore
  readonly recoveryCodes: RecoveryCodeStore
  readonly passkeys: PasskeyStore
  readonly tickets: TicketStore
  readonly outbox: OutboxStore
  readonly users: UserStore
  readonly refreshTokens: RefreshTokenStore
  readonly userGrants: GrantsStore
  readonly throttle: ThrottleStore
  readonly proofs: ProofStore
  readonly rememberedDevices: RememberedDeviceStore
}

export interface SignInDeps {
  readonly transaction: Transact<SignInStores>
  readonly users: UserStore
  readonly hasher: PasswordHasher
  readonly throttle: Throttle
  readonly deviceTokens: DeviceTokens
  readonly issuer: TokenIssuer
  readonly clock: Clock
  readonly random: Random
  readonly sessionLimits: SessionLimits
  /** For so many days a device can be remembered; undefined where none is. */
  readonly rememberDeviceDays: number | undefined
}

export interface SignedIn extends TokenPair {
  readonly user: User
  /** What this device shows with its next sign-in to this account. */
  readonly deviceToken: string
  /** What the browser keeps from now on, where it asked to be remembered. */
  readonly remembered?: RememberedCookie | undefined
}

interface Login {
  readonly email: string
  readonly password: string
  readonly origin: ClientInfo
  /** Whether the session is to live on while it is idle. */
  readonly remember?: boolean | undefined
  /** The device token that came with the request, if any. */
  readonly deviceToken: string | undefined
  /** What a page of ours brought along as a remembered device; no other client has one. */
  readonly rememberedDevice?: string | undefined
}

/**
 * Signs in with a password; gives a ticket for the second step, and no token, where the account has a second factor (ADR
 * 46), unless its browser is remembered (ADR 50). Unknown address, wrong password and deactivated account are one rejection,
 * `invalid_credentials`, after the same work. Refuses with `too_many_requests`, before any work, while a wait is under
 * way. INVARIANT: such a rejection asks nothing about the account, unless the caller shows a device token that was
 * made for this address, so neither its answer nor its time tells whether there is one (ADR 32).
 */
export async function login(
  deps: SignInDeps,
  { email: presented, password, origin, remember, deviceToken, rememberedDevice }: Login,
): Promise<SignedIn | SecondStep> {
  const email = parseKnownEmail(presented)
  const opened =
    email === undefined ? undefined : deps.deviceTokens.open(deviceToken, email, deps.clock.nowMs())
  const find = async () => (email === undefined ? undefined : deps.users.findByEmail(email))
  const found = opened && (await find())
  const deviceId = found && deviceOf(deps, found, deviceToken)

  using attempt = await deps.throttle.begin({
    email,
    password: comparablePassword(password),
    origin,
    proof: deviceId === undefined ? undefined : { kind: 'device', id: deviceId },
    findUserId: async () => (await find())?.user.id,
  })
  const shown = { account: await find(), password, remember, deviceId, rememberedDevice }
  return await verifyAndStart(deps, shown, attempt)
}

interface Presented extends Pick<Login, 'remember' | 'rememberedDevice'> {
  readonly account: StoredAccount | undefined
  readonly password: string
  readonly deviceId: string | undefined
}

/** The device that this token of the account names; undefined where the token is not of this account as it is now. */
export function deviceOf(
  { deviceTokens, clock }: Pick<SignInDeps, 'deviceTokens' | 'clock'>,
  account: StoredAccount,
  deviceToken: string | undefined,
): string | undefined {
  const opened = deviceTokens.open(deviceToken, account.user.email, clock.nowMs())
  return opened && deviceTokens.isCurrent(opened, toDeviceAccount(account)) ? opened.id : undefined
}

export const toDeviceAccount = ({ user, passwordHash, loggedOutAtMs }: StoredAccount): DeviceAccount => ({
  userId: user.id,
  email: user.email,
  passwordHash,
  loggedOutAtMs,
})

async function verifyAndStart(
  deps: SignInDeps,
  { account, password, remember, deviceId, rememberedDevice }: Presented,
  attempt: SignInAttempt,
): Promise<SignedIn | SecondStep> {
  const { origin, nowMs } = attempt
  const verified = await verifyOrNothing(deps, account, password).catch(async error => {
    await attempt.cancelled()
    throw error
  })
  if (account === undefined || verified === undefined)
    throw await failure(attempt, undefined, 'unknown_account')

  const { matches, outdated } = verified
  const { user: before, passwordHash } = account
  if (!matches) throw await failure(attempt, before.id, 'wrong_password')
  if (!before.isActive) throw await failure(attempt, before.id, 'inactive_account')
  const replacement = outdated ? await deps.hasher.hash(password) : undefined

  const signedIn = await deps.transaction(async stores => {
    const methods = await factorMethods(stores, before.id)
    const shown = { account, replacement, presented: rememberedDevice }
    const rememberedDeviceId = await findRemembered(stores, deps, { ...shown, methods }, nowMs)
    if (methods.length > 0 && rememberedDeviceId === undefined) {
      const verified = { account, replacement, methods }
      return askForFactor(stores, deps, verified, attempt)
    }
    // Guarded: the account may have been closed, or its password changed, while we were hashing.
    const user = await stores.users.recordLogin(before.id, passwordHash, replacement, nowMs)
    if (user === undefined) return undefined
    await attempt.succeeded(stores)
    const start = { userId: user.id, origin, nowMs, remember, rememberedDeviceId }
    const started = await startSession(stores, deps, start)
    const isKnown = deviceId !== undefined || rememberedDeviceId !== undefined
    await notifyOfNewDevice(stores, { session: started.session, origin, isKnown }, nowMs)
    await stores.audit.append(
      {
        actorId: user.id,
        action: 'user.login',
        target: userTarget(user.id),
        origin,
        details: {
          session_id: started.session.id,
          method: 'password',
          ...(rememberedDeviceId !== undefined && { remembered_device_id: rememberedDeviceId }),
        },
      },
      nowMs,
    )
    return { user, started, grants: await stores.userGrants.get(user.id) }
  })
  if (signedIn === undefined) throw await failure(attempt, before.id, 'changed_meanwhile')
  if ('next' in signedIn) return signedIn
  const { user, started, grants } = signedIn
  const known = toDeviceAccount({ ...account, user, passwordHash: replacement ?? passwordHash })
  return {
    ...issueTokens(deps.issuer, started, grants, nowMs),
    user,
    deviceToken: deps.deviceTokens.issue(known, deviceId, nowMs),
  }
}

interface MaybeRemembered extends PresentedDevice {
  readonly methods: readonly FactorMethod[]
}

/** The remembered device of this browser, which takes the place of the second step where the settings offer it. */
const findRemembered = async (
  stores: SignInStores,
  { rememberDeviceDays }: SignInDeps,
  { methods, ...shown }: MaybeRemembered,
  nowMs: EpochMs,
): Promise<number | undefined> =>
  methods.length === 0 || rememberDeviceDays === undefined
    ? undefined
    : useRememberedDevice(stores, shown, nowMs)

interface Verified {
  readonly account: StoredAccount
  /** A fresh hash of the password, where the stored one is outdated. */
  readonly replacement: string | undefined
  readonly methods: readonly FactorMethod[]
}

/** The end of the first step; undefined where the password was changed while it was verified. */
async function askForFactor(
  stores: SignInStores,
  { random }: SignInDeps,
  { account, replacement, methods }: Verified,
  attempt: SignInAttempt,
): Promise<SecondStep | undefined> {
  const { origin, nowMs } = attempt
  const { user, passwordHash } = account
  if (replacement !== undefined) {
    const isReplaced = await stores.users.replacePassword(user.id, passwordHash, replacement, nowMs)
    if (!isReplaced) return undefined
  }
  await attempt.succeeded(stores)
  const verified = { ...account, passwordHash: replacement ?? passwordHash }
  const ticket = await openTicket(stores.tickets, random, { account: verified, by: 'password' }, nowMs)
  await stores.audit.append(
    {
      actorId: null,
      action: 'user.login_step',
      target: userTarget(user.id),
      origin,
      details: { method: 'password' },
    },
    nowMs,
  )
  return { next: 'second_factor', ticket, methods }
}

/** Undefined for an account that does not exist, after the same work. */
const verifyOrNothing = async (
  { hasher }: SignInDeps,
  account: StoredAccount | undefined,
  password: string,
) =>
  account === undefined
    ? hasher.verifyNothing(password).then(() => undefined)
    : hasher.verify(password, account.passwordHash, account.user.isActive)

type Reason = 'wrong_password' | 'unknown_account' | 'inactive_account' | 'changed_meanwhile'

/**
 * Records the failure and gives the one answer. An unknown address is not recorded: it is often a password typed into
 * that field.
 */
async function failure(
  attempt: SignInAttempt,
  userId: UserId | undefined,
  reason: Reason,
): Promise<Rejection> {
  await attempt.failed({
    actorId: null,
    action: 'user.login_failed',
    target: userId === undefined ? null : userTarget(userId),
    outcome: 'failure',
    origin: attempt.origin,
    details: { reason },
  })
  return new Rejection('invalid_credentials')
}
