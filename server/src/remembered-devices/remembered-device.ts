import { createHash } from 'node:crypto'
import type { Factor } from '../factors/index.ts'
import type { StoredAccount } from '../identity/index.ts'
import type { EpochMs, UserId } from '../kernel/index.ts'

/** A browser whose next sign-ins by password are not asked for the second factor (ADR 50). */
export interface RememberedDevice {
  readonly id: number
  readonly userId: UserId
  readonly createdAtMs: EpochMs
  readonly expiresAtMs: EpochMs
  readonly lastUsedAtMs: EpochMs | null
  readonly ipAddress: string | null
  readonly userAgent: string | null
}

/** An account has so many at the most; the oldest makes room. */
export const maxRememberedDevices = 20

/** What a device was remembered for. */
export type Basis = string & { readonly __brand: 'Basis' }

/**
 * Names the password, the second factors and the last «sign out everywhere» of an account without holding them. INVARIANT: a device
 * counts only while this is what it was, so a change of any of them ends all devices, whichever way it came, and no
 * code has to remember to end them.
 */
export const basisOf = (
  { passwordHash, loggedOutAtMs }: Pick<StoredAccount, 'passwordHash' | 'loggedOutAtMs'>,
  factors: readonly Pick<Factor, 'id'>[],
): Basis =>
  createHash('sha256')
    .update(JSON.stringify([passwordHash, loggedOutAtMs, factors.map(({ id }) => id)]))
    .digest('base64url') as Basis

/** What the cookie of a device holds. SECRET. */
export interface DeviceSecret {
  readonly id: number
  readonly secretHash: string
}

const secretBytes = 32

export function newDeviceSecret(random: { bytes(count: number): Uint8Array }) {
  const secret = Buffer.from(random.bytes(secretBytes)).toString('base64url')
  return { secretHash: hashOf(secret), cookieOf: (id: number): string => `${id}.${secret}` }
}

/** Undefined for what has no possible form. */
export function readDeviceCookie(presented: string | undefined): DeviceSecret | undefined {
  const match = /^([1-9]\d{0,15})\.([\w-]{43})$/.exec(presented ?? '')
  return match === null ? undefined : { id: Number(match[1]), secretHash: hashOf(match[2]!) }
}

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')
