import { type AuditLog, userTarget } from '../audit/index.ts'
import type { FactorStore } from '../factors/index.ts'
import type { StoredAccount, UserStore } from '../identity/index.ts'
import type { ClientInfo, EpochMs, Random } from '../kernel/index.ts'
import { addNotice, type NoticeStores, type OutboxStore } from '../mail/index.ts'
import { basisOf, newDeviceSecret, readDeviceCookie } from './remembered-device.ts'
import type { RememberedDeviceStore } from './remembered-device-store.sql.ts'

export interface RememberingStores {
  readonly rememberedDevices: RememberedDeviceStore
  readonly factors: FactorStore
  readonly users: UserStore
  readonly audit: AuditLog
  readonly outbox: OutboxStore
  readonly proofs: NoticeStores['proofs']
}

/** What the browser is to keep. SECRET: the value. */
export interface RememberedCookie {
  readonly value: string
  readonly lifeSeconds: number
}

interface Remember {
  readonly account: StoredAccount
  /** What the cookie held before: that device is no more. */
  readonly presented: string | undefined
  readonly origin: ClientInfo
  readonly days: number
}

const dayMs = 86_400_000

/** Remembers the browser that has just shown a second factor, in the transaction of that sign-in, which has locked the account. */
export async function rememberDevice(
  stores: RememberingStores,
  random: Random,
  { account, presented, origin, days }: Remember,
  nowMs: EpochMs,
): Promise<RememberedCookie> {
  const userId = account.user.id
  const former = readDeviceCookie(presented)
  if (former !== undefined) await stores.rememberedDevices.deleteBySecret(former)
  const { secretHash, cookieOf } = newDeviceSecret(random)
  const basis = basisOf(account, await stores.factors.list(userId))
  const expiresAtMs = nowMs + days * dayMs
  const id = await stores.rememberedDevices.add({ userId, secretHash, basis, expiresAtMs, origin }, nowMs)
  const details = { device_id: id, days }
  const event = { actorId: userId, action: 'device.remember', target: userTarget(userId), origin } as const
  await stores.audit.append({ ...event, details }, nowMs)
  await addNotice(stores, { userId, event: 'device_remembered', origin, locale: null }, nowMs)
  return { value: cookieOf(id), lifeSeconds: days * 86_400 }
}

export interface PresentedDevice {
  readonly account: StoredAccount
  /** A fresh hash of the password, where the stored one is outdated. */
  readonly replacement: string | undefined
  readonly presented: string | undefined
}

/**
 * The id of the remembered device that the cookie names, whose use is noted; undefined where it is none of this account as it stands. Locks the
 * account first, so that no factor and no password changes between this and the session that begins by it.
 */
export async function useRememberedDevice(
  { users, factors, rememberedDevices }: Pick<RememberingStores, 'users' | 'factors' | 'rememberedDevices'>,
  { account, replacement, presented }: PresentedDevice,
  nowMs: EpochMs,
): Promise<number | undefined> {
  const device = readDeviceCookie(presented)
  if (device === undefined) return undefined
  const userId = account.user.id
  await users.lock(userId)
  const now = await users.findAccount(userId)
  if (now === undefined || !now.user.isActive || now.passwordHash !== account.passwordHash) return undefined
  const on = await factors.list(userId)
  const basis = basisOf(now, on)
  const nextBasis = basisOf({ ...now, passwordHash: replacement ?? now.passwordHash }, on)
  const isUsed = await rememberedDevices.use({ ...device, userId, basis, nextBasis }, nowMs)
  return isUsed ? device.id : undefined
}
