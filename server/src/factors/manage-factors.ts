import { type AuditLog, userTarget } from '../audit/index.ts'
import type { UserStore } from '../identity/index.ts'
import {
  assertName,
  type ClientInfo,
  type EpochMs,
  type FactorId,
  invalidField,
  message,
  normalName,
  type Random,
  Rejection,
  type SessionPrincipal,
} from '../kernel/index.ts'
import { addNotice, type NoticeEvent, type NoticeStores, type OutboxStore } from '../mail/index.ts'
import type { SessionStore } from '../sessions/index.ts'
import type { ThrottleStores } from '../throttle/index.ts'
import { type Factor, maxFactorName, maxFactorsOfKind } from './factor.ts'
import type { FactorDeps, FactorStores } from './prove-factor.ts'
import { raiseByEnrolment } from './raise-by-enrolment.ts'
import type { HashedCode } from './recovery-code-store.sql.ts'
import {
  canonicalRecoveryCode,
  newRecoveryCode,
  recoveryCodeCount,
  recoverySelector,
} from './recovery-codes.ts'
import { decryptTotpSecret, encryptTotpSecret, newTotpSecret, stepOfCode, totpUri } from './totp.ts'

interface ManageFactorsStores extends FactorStores, ThrottleStores {
  readonly outbox: OutboxStore
  readonly sessions: SessionStore
  readonly proofs: NoticeStores['proofs']
  readonly users: UserStore
  readonly audit: AuditLog
}

export interface ManageFactorsDeps extends FactorDeps<ManageFactorsStores> {
  readonly users: UserStore
  readonly random: Random
  /** Whether staff must have a second factor. */
  readonly staffFactor: 'optional' | 'required'
  /** What an authenticator app calls this server. */
  readonly issuer: string
}

export interface Owner {
  readonly principal: SessionPrincipal
  readonly origin: ClientInfo
}

/** What an authenticator app is given. SECRET. */
interface TotpEnrolment {
  readonly id: FactorId
  readonly secret: string
  readonly uri: string
}

/**
 * Begins to enrol an authenticator app. Nothing is on before its first code is confirmed. Rejects with `invalid_request` a
 * name that is none, and with `conflict` when the account has ten.
 */
export async function enrolTotp(
  deps: ManageFactorsDeps,
  { principal, origin }: Owner,
  presentedName: string,
): Promise<TotpEnrolment> {
  const { userId } = principal
  const nowMs = deps.clock.nowMs()
  const name = toName(presentedName)
  const secret = newTotpSecret(deps.random)
  const encryptedSecret = encryptTotpSecret(deps.vault, userId, secret)
  return deps.transaction(async stores => {
    const user = await lockOwner(stores, userId)
    if ((await stores.factors.countOf(userId, 'totp')) >= maxFactorsOfKind) throw tooManyFactors()
    const id = await stores.factors.addTotp({ userId, name, encryptedSecret }, nowMs)
    const details = { factor_id: id, kind: 'totp', name }
    await record(stores, { principal, origin }, { action: 'factor.enroll', details }, nowMs)
    return { id, secret, uri: totpUri(secret, { issuer: deps.issuer, email: user.email }) }
  })
}

/** SECRET: shown once. Empty where the account has codes already. */
export interface ConfirmedFactor {
  readonly recoveryCodes: readonly string[]
}

/**
 * Turns an authenticator app on by its first code, which is used up by it; the first factor of an account comes with ten
 * recovery codes. Rejects with `not_found` (no enrolment, or it took too long), `invalid_request` (`errors.code`) and, after
 * too many wrong codes, `too_many_requests`.
 */
export async function confirmTotp(
  deps: ManageFactorsDeps,
  owner: Owner,
  { id, code }: { id: FactorId; code: string },
): Promise<ConfirmedFactor> {
  const { userId } = owner.principal
  const user = await deps.users.findById(userId)
  const pending = await deps.stores.factors.findPending(userId, id, deps.clock.nowMs())
  if (user === undefined || pending === undefined) throw new Rejection('not_found')
  using attempt = await deps.throttle.begin({
    email: user.email,
    password: '',
    origin: owner.origin,
    proof: { kind: 'password', id: 'second-factor' },
    findUserId: async () => userId,
  })
  const { nowMs } = attempt
  const step = stepOfCode(decryptTotpSecret(deps.vault, userId, pending.encryptedSecret), code, nowMs)
  if (step === undefined) {
    const event = { actorId: userId, action: 'factor.create', target: userTarget(userId) } as const
    const details = { reason: 'wrong_factor' }
    await attempt.failed({ ...event, outcome: 'failure', origin: owner.origin, details })
    throw invalidField('code', message('factor.wrong'))
  }
  const codes = await newRecoveryCodes(deps)

  return deps.transaction(async stores => {
    await lockOwner(stores, userId)
    const wasOn = await stores.factors.isOn(userId)
    const confirmed = await stores.factors.confirmTotp(userId, { id, step }, nowMs)
    if (confirmed === undefined) throw new Rejection('not_found')
    await attempt.succeeded(stores)
    if (!wasOn) await stores.recoveryCodes.replaceAll(userId, codes.hashed, nowMs)
    await raiseByEnrolment(stores, owner, 'totp', nowMs)
    await record(stores, owner, { action: 'factor.create', details: toDetails(confirmed) }, nowMs)
    await notify(stores, owner, 'factor_added', nowMs)
    return { recoveryCodes: wasOn ? [] : codes.shown }
  })
}

/** Ten new recovery codes in the place of all others. Rejects with `conflict` where no factor is on. */
export async function replaceRecoveryCodes(deps: ManageFactorsDeps, owner: Owner): Promise<ConfirmedFactor> {
  const { userId } = owner.principal
  const nowMs = deps.clock.nowMs()
  if (!(await deps.stores.factors.isOn(userId))) throw noFactor()
  const codes = await newRecoveryCodes(deps)
  return deps.transaction(async stores => {
    await lockOwner(stores, userId)
    if (!(await stores.factors.isOn(userId))) throw noFactor()
    await stores.recoveryCodes.replaceAll(userId, codes.hashed, nowMs)
    const details = { codes: codes.shown.length }
    await record(stores, owner, { action: 'factor.recovery_codes', details }, nowMs)
    return { recoveryCodes: codes.shown }
  })
}

/** Gives a factor of the caller another name. Rejects with `not_found` or `invalid_request`. */
export async function renameFactor(
  deps: ManageFactorsDeps,
  owner: Owner,
  { id, name: presentedName }: { id: FactorId; name: string },
): Promise<Factor> {
  const { userId } = owner.principal
  const nowMs = deps.clock.nowMs()
  const name = toName(presentedName)
  return deps.transaction(async stores => {
    await lockOwner(stores, userId)
    const before = await stores.factors.find(userId, id)
    const renamed = await stores.factors.rename(userId, id, name)
    if (before === undefined || renamed === undefined) throw new Rejection('not_found')
    const details = { ...toDetails(renamed), name: { from: before.name, to: renamed.name } }
    if (before.name !== renamed.name) await record(stores, owner, { action: 'factor.update', details }, nowMs)
    return renamed
  })
}

/**
 * Takes a factor of the caller away; the recovery codes go with the last one. Rejects with `not_found`, and with `conflict`
 * where it is the last one and the settings ask staff for one.
 */
export async function removeFactor(deps: ManageFactorsDeps, owner: Owner, id: FactorId): Promise<void> {
  const { userId } = owner.principal
  const nowMs = deps.clock.nowMs()
  await deps.transaction(async stores => {
    const account = await lockOwner(stores, userId)
    const removed = await stores.factors.delete(userId, id)
    if (removed === undefined) throw new Rejection('not_found')
    const isLast = !(await stores.factors.isOn(userId))
    if (isLast && deps.staffFactor === 'required' && (account.isStaff || account.isSuperuser)) {
      throw new Rejection('conflict', { detail: message('factor.staff_needs_one') })
    }
    if (isLast) await stores.recoveryCodes.replaceAll(userId, [], nowMs)
    const details = { ...toDetails(removed), was_last: isLast }
    await record(stores, owner, { action: 'factor.delete', details }, nowMs)
    await notify(stores, owner, 'factor_removed', nowMs)
  })
}

/** Ten codes, and how they are kept. Hashed here, outside of any transaction. */
export async function newRecoveryCodes({
  hasher,
  random,
  selectorKey,
}: Pick<ManageFactorsDeps, 'hasher' | 'random' | 'selectorKey'>) {
  const shown = Array.from({ length: recoveryCodeCount }, () => newRecoveryCode(random))
  const hashed = await Promise.all(
    shown.map(async (code): Promise<HashedCode> => {
      const canonical = canonicalRecoveryCode(code)
      return { selector: recoverySelector(selectorKey, canonical), hash: await hasher.hash(canonical) }
    }),
  )
  return { shown, hashed }
}

/** INVARIANT: what changes the factors of an account locks its row first, so that two such changes come one after another. */
export async function lockOwner(
  { users }: Pick<ManageFactorsStores, 'users'>,
  userId: SessionPrincipal['userId'],
) {
  const user = await users.lock(userId)
  if (user === undefined) throw new Rejection('invalid_token')
  return user
}

interface FactorChange {
  readonly action:
    | 'factor.enroll'
    | 'factor.create'
    | 'factor.update'
    | 'factor.delete'
    | 'factor.recovery_codes'
  readonly details: Readonly<Record<string, unknown>>
}

export const record = (
  { audit }: Pick<ManageFactorsStores, 'audit'>,
  { principal: { userId }, origin }: Owner,
  { action, details }: FactorChange,
  nowMs: EpochMs,
): Promise<void> =>
  audit.append({ actorId: userId, action, target: userTarget(userId), origin, details }, nowMs)

/** The owner hears of it by mail, where there is mail: it may not have been the owner. */
export const notify = (
  stores: ManageFactorsStores,
  { principal: { userId }, origin }: Owner,
  event: NoticeEvent,
  nowMs: EpochMs,
): Promise<void> => addNotice(stores, { userId, event, origin, locale: null }, nowMs)

const toDetails = ({ id, kind, name }: Factor) => ({ factor_id: id, kind, name })

export function toName(presented: string): string {
  const name = normalName(presented, maxFactorName)
  assertName(name, maxFactorName)
  return name
}

export const tooManyFactors = (): Rejection =>
  new Rejection('conflict', { detail: message('factor.too_many') })
const noFactor = (): Rejection => new Rejection('conflict', { detail: message('factor.none') })
