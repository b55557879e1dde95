import { createHmac, timingSafeEqual } from 'node:crypto'
import type { EpochMs, Random, UserId } from '../kernel/index.ts'

interface OpenedDevice {
  /** Names the device in its counter: hexadecimal. */
  readonly id: string
  readonly accountTag: Uint8Array
}

/** The values that a token is bound to: it is void once one of these changes. */
export interface DeviceAccount {
  readonly userId: UserId
  readonly email: string
  readonly passwordHash: string
  /** When everything of the account was last revoked. */
  readonly loggedOutAtMs: EpochMs | null
}

/** How long a device that has not signed in again is known. */
export const deviceTokenLifeMs = 90 * 86_400_000

/** So much may the clocks of two nodes differ. */
const skewMs = 5 * 60_000

const version = 1
const birthAt = 1
const idAt = 7
const tagAt = 15
const macAt = 23
const tokenBytes = 39
const form = /^[\w-]{52}$/

export type DeviceTokens = ReturnType<typeof createDeviceTokens>

/**
 * The proof that a device has signed in to an account before (ADR 32). A text of 52 characters, which the device keeps
 * and the server does not: version, birth, a random name of the device, a tag of the account, and a MAC over all of it
 * and the address of the account. It opens nothing: it only gives attempts from this device a counter of their own.
 */
export function createDeviceTokens(key: Uint8Array, random: Pick<Random, 'bytes'>) {
  const hmac = (purpose: 'account' | 'token', ...parts: readonly (string | Uint8Array)[]): Buffer => {
    const mac = createHmac('sha256', key).update(purpose)
    // Only the last part may hold a zero byte, so no two lists of parts read the same.
    for (const part of parts) mac.update('\0').update(part)
    return mac.digest()
  }
  const macOf = (body: Uint8Array, email: string) =>
    hmac('token', email, body).subarray(0, tokenBytes - macAt)
  const tagOf = ({ userId, passwordHash, loggedOutAtMs }: DeviceAccount) =>
    hmac('account', String(userId), passwordHash, String(loggedOutAtMs)).subarray(0, macAt - tagAt)

  return {
    /**
     * The content of the token, when it is ours, was made for this address and is not too old. Does not read the
     * database.
     */
    open(presented: string | undefined, email: string, nowMs: EpochMs): OpenedDevice | undefined {
      if (presented === undefined || !form.test(presented)) return undefined
      const token = Buffer.from(presented, 'base64url')
      if (!timingSafeEqual(token.subarray(macAt), macOf(token.subarray(0, macAt), email))) return undefined
      const ageMs = nowMs - token.readUIntBE(birthAt, idAt - birthAt)
      if (token[0] !== version || ageMs > deviceTokenLifeMs || ageMs < -skewMs) return undefined
      return { id: token.toString('hex', idAt, tagAt), accountTag: token.subarray(tagAt, macAt) }
    },

    /** True while nothing has revoked it: a change of the password, or the end of everything of the account. */
    isCurrent: ({ accountTag }: OpenedDevice, account: DeviceAccount): boolean =>
      timingSafeEqual(accountTag, tagOf(account)),

    /** A token for a device that has just signed in; one that was known before keeps its name. */
    issue(account: DeviceAccount, deviceId: string | undefined, nowMs: EpochMs): string {
      const token = Buffer.alloc(tokenBytes)
      token[0] = version
      token.writeUIntBE(nowMs, birthAt, idAt - birthAt)
      token.set(deviceId === undefined ? random.bytes(tagAt - idAt) : Buffer.from(deviceId, 'hex'), idAt)
      token.set(tagOf(account), tagAt)
      token.set(macOf(token.subarray(0, macAt), account.email), macAt)
      return token.toString('base64url')
    },
  }
}
