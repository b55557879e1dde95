import { type AuditLog, userTarget } from '../audit/index.ts'
import {
  actByFactor,
  type FactorDeps,
  type FactorStores,
  methodsOf,
  type PresentedFactor,
} from '../factors/index.ts'
import {
  comparablePassword,
  type PasswordHasher,
  type StoredAccount,
  type UserStore,
} from '../identity/index.ts'
import {
  type ClientInfo,
  type EpochMs,
  invalidField,
  message,
  Rejection,
  type SessionId,
  type UserId,
} from '../kernel/index.ts'
import type { NoticeStores, OutboxStore } from '../mail/index.ts'
import { type Authentication, byPassword, type Session, type SessionStore } from '../sessions/index.ts'
import type { Throttle, ThrottleStores } from '../throttle/index.ts'

export interface StepUpStores extends FactorStores, ThrottleStores {
  readonly sessions: SessionStore
  readonly users: UserStore
  readonly audit: AuditLog
  readonly outbox: OutboxStore
  readonly proofs: NoticeStores['proofs']
}

export interface StepUpDeps<Stores extends StepUpStores = StepUpStores> {
  readonly byFactor: FactorDeps<Stores>
  readonly users: UserStore
  readonly hasher: PasswordHasher
  readonly throttle: Throttle
}

/** SECRET: a factor, or the password where no factor is on. */
export interface PresentedProof extends PresentedFactor {
  readonly password?: string | undefined
}

interface StepUpAttempt {
  readonly userId: UserId
  readonly sessionId: SessionId
  readonly origin: ClientInfo
  readonly presented: PresentedProof
}

/**
 * Proves anew who is there: the session gets the time and the level of it, in the transaction of `work` (ADR 47). A password
 * is enough only where no factor is on. Rejects with `invalid_request`, which names the field, for a wrong or an unfit
 * proof, with `too_many_requests` after too many wrong ones, and with `invalid_token` when the session is over.
 */
export async function stepUp<Stores extends StepUpStores, T>(
  deps: StepUpDeps<Stores>,
  attempt: StepUpAttempt,
  work: (stores: Stores, session: Session, nowMs: EpochMs) => Promise<T>,
): Promise<T> {
  const account = await deps.users.findAccount(attempt.userId)
  if (account === undefined) throw new Rejection('invalid_token')
  const { password } = attempt.presented
  return password === undefined
    ? byFactor(deps, attempt, account, work)
    : byOwnPassword(deps, { ...attempt, password }, account, work)
}

type Work<Stores, T> = (stores: Stores, session: Session, nowMs: EpochMs) => Promise<T>

async function byFactor<Stores extends StepUpStores, T>(
  deps: StepUpDeps<Stores>,
  attempt: StepUpAttempt,
  { user }: StoredAccount,
  work: Work<Stores, T>,
): Promise<T> {
  const { presented, origin, sessionId } = attempt
  const failure = { action: 'user.step_up_failed', actorId: user.id } as const
  const done = await actByFactor(
    deps.byFactor,
    { user, presented, purpose: stepUpPurpose(sessionId), origin, failure },
    async (stores, proven, nowMs) => {
      const before = await stores.sessions.touch(sessionId, nowMs)
      const authentication = { acr: 'aal2', amr: methodsOf(proven, before?.amr) } as const
      const session = await raise(stores, attempt, { authentication, method: proven.method }, nowMs)
      return { result: await work(stores, session, nowMs) }
    },
  )
  if (done !== undefined) return done.result
  if (presented.passkey !== undefined) throw invalidField('passkey', message('passkey.refused'))
  throw invalidField(presented.totp === undefined ? 'recovery' : 'totp', message('factor.wrong'))
}

async function byOwnPassword<Stores extends StepUpStores, T>(
  deps: StepUpDeps<Stores>,
  attempt: StepUpAttempt & { readonly password: string },
  { user, passwordHash }: StoredAccount,
  work: Work<Stores, T>,
): Promise<T> {
  const { password, origin, sessionId } = attempt
  if (await deps.byFactor.stores.factors.isOn(user.id)) throw factorNeeded()
  using counted = await deps.throttle.begin({
    email: user.email,
    password: comparablePassword(password),
    origin,
    proof: { kind: 'session', id: sessionId },
    findUserId: async () => user.id,
  })
  const { nowMs } = counted
  const { matches } = await deps.hasher.verify(password, passwordHash).catch(async error => {
    await counted.cancelled()
    throw error
  })
  if (!matches) {
    const details = { reason: 'wrong_password' }
    const event = { actorId: user.id, action: 'user.step_up_failed', target: userTarget(user.id) } as const
    await counted.failed({ ...event, outcome: 'failure', origin, details })
    throw invalidField('password', message('password.current_wrong'))
  }
  return deps.byFactor.transaction(async stores => {
    await counted.succeeded(stores)
    // A factor may have been turned on, or the password changed, while we were hashing.
    await stores.users.lock(user.id)
    if (await stores.factors.isOn(user.id)) throw factorNeeded()
    if ((await stores.users.findAccount(user.id))?.passwordHash !== passwordHash) {
      throw invalidField('password', message('password.current_wrong'))
    }
    const session = await raise(stores, attempt, { authentication: byPassword, method: 'password' }, nowMs)
    return work(stores, session, nowMs)
  })
}

/** What the challenge of a passkey is made for that raises one session. */
export const stepUpPurpose = (sessionId: SessionId): string => `step-up of session ${sessionId}`

interface Raise {
  readonly authentication: Authentication
  readonly method: string
}

async function raise(
  { sessions, audit }: StepUpStores,
  { userId, sessionId, origin }: StepUpAttempt,
  { authentication, method }: Raise,
  nowMs: EpochMs,
): Promise<Session> {
  const session = await sessions.authenticateAgain(sessionId, authentication, nowMs)
  if (session === undefined || session.userId !== userId)
    throw new Rejection('invalid_token', { cause: 'ended' })
  const details = { session_id: session.id, method, acr: authentication.acr }
  await audit.append(
    { actorId: userId, action: 'user.step_up', target: userTarget(userId), origin, details },
    nowMs,
  )
  return session
}

const factorNeeded = (): Rejection => invalidField('password', message('step_up.factor_needed'))
