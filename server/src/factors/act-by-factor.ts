import { type AuditAction, userTarget } from '../audit/index.ts'
import type { User, UserStore } from '../identity/index.ts'
import type { ClientInfo, EpochMs, UserId } from '../kernel/index.ts'
import { addNotice, type NoticeStores, type OutboxStore } from '../mail/index.ts'
import { type Authentication, byPassword } from '../sessions/index.ts'
import type { ThrottleStores } from '../throttle/index.ts'
import {
  consumeFactor,
  type FactorDeps,
  type FactorStores,
  type PresentedFactor,
  type ProvenFactor,
  verifyFactor,
} from './prove-factor.ts'

interface UsingStores extends FactorStores, ThrottleStores {
  readonly users: Pick<UserStore, 'findById'>
  readonly outbox: OutboxStore
  readonly proofs: NoticeStores['proofs']
}

interface FactorUse {
  readonly user: Pick<User, 'id' | 'email'>
  readonly presented: PresentedFactor
  /** What the challenge of a passkey must have been made for. */
  readonly purpose: string
  readonly origin: ClientInfo
  /** The event of a wrong factor, and who is its actor: null where the caller is not signed in. */
  readonly failure: { readonly action: AuditAction; readonly actorId: UserId | null }
}

/**
 * Does some work by a second factor, which is used up in the same transaction; undefined where the factor is wrong, or was
 * used before. Each attempt is counted before anything is verified, by one counter for the account: rejects with
 * `too_many_requests` after a few wrong ones, whatever they were tried with. Work that throws uses nothing up.
 */
export async function actByFactor<Stores extends UsingStores, T>(
  deps: FactorDeps<Stores>,
  { user, presented, purpose, origin, failure }: FactorUse,
  work: (stores: Stores, proven: ProvenFactor, nowMs: EpochMs) => Promise<T>,
): Promise<T | undefined> {
  using attempt = await deps.throttle.begin({
    email: user.email,
    password: '',
    origin,
    proof: { kind: 'password', id: 'second-factor' },
    findUserId: async () => user.id,
  })
  const { nowMs } = attempt
  const proven = await verifyFactor(deps, user.id, { presented, purpose }).catch(async error => {
    await attempt.cancelled()
    throw error
  })
  const done =
    proven &&
    (await deps.transaction(async stores => {
      if (!(await consumeFactor(stores, user.id, proven, nowMs))) return undefined
      await attempt.succeeded(stores)
      if (proven.method === 'recovery') {
        const notice = { userId: user.id, event: 'recovery_used', origin, locale: null } as const
        await addNotice(stores, notice, nowMs)
      }
      return { result: await work(stores, proven, nowMs) }
    }))
  if (done !== undefined) return done.result
  if (proven?.method === 'passkey' && isBehind(proven))
    await notifyOfClone(deps, { user, origin, proven }, nowMs)
  const reason = proven === undefined ? 'wrong_factor' : 'used_factor'
  const target = userTarget(user.id)
  await attempt.failed({ ...failure, target, outcome: 'failure', origin, details: { reason } })
  return undefined
}

type ProvenPasskey = Extract<ProvenFactor, { method: 'passkey' }>

/**
 * WebAuthn section 6.1.1: an authenticator counts its signatures. One that is not ahead of the last was made by a copy, or
 * after a copy had signed.
 */
const isBehind = ({ signCount, wasSignCount }: ProvenPasskey): boolean =>
  (signCount > 0 || wasSignCount > 0) && signCount <= wasSignCount

async function notifyOfClone<Stores extends UsingStores>(
  { transaction }: Pick<FactorDeps<Stores>, 'transaction'>,
  { user, origin, proven }: Pick<FactorUse, 'user' | 'origin'> & { readonly proven: ProvenPasskey },
  nowMs: EpochMs,
): Promise<void> {
  await transaction(async stores => {
    const details = { factor_id: proven.id, sign_count: proven.signCount, was: proven.wasSignCount }
    const event = { actorId: null, action: 'factor.cloned', target: userTarget(user.id), origin } as const
    await stores.audit.append({ ...event, outcome: 'denied', details }, nowMs)
    await addNotice(stores, { userId: user.id, event: 'passkey_copied', origin, locale: null }, nowMs)
  })
}

/**
 * RFC 8176: how an account was authenticated by this factor, beside what it had shown before. A recovery code is a one-time password, too;
 * so is the code of a mail, which is no `pwd`.
 */
export const methodsOf = (
  { method }: ProvenFactor,
  before: readonly string[] = byPassword.amr,
): readonly string[] => [...new Set([...before, method === 'passkey' ? 'pop' : 'otp', 'mfa'])]

/** A passkey alone: what one has, and what one knows or is, which its authenticator has checked. */
export const byPasskeyAlone: Authentication = { acr: 'aal2', amr: ['pop', 'user', 'mfa'] }
