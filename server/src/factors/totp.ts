import { Secret, TOTP } from 'otpauth'
import type { EpochMs, Random, UserId } from '../kernel/index.ts'
import { decrypt, encrypt } from '../keys/index.ts'

const periodSeconds = 30

/** RFC 6238 section 5.2 advises one step for the delay and for a clock that differs. */
const stepsAround = 1

/** RFC 4226 section 4 asks for 128 bits and advises 160, the length of its hash. */
const secretBytes = 20

/**
 * RFC 6238 as every authenticator app speaks it: six digits, 30 seconds, and the hash that is the library's default as
 * it is the RFC's: in an HMAC it is not broken, and apps ignore another.
 */
const form = { digits: 6, period: periodSeconds } as const

/** A new secret, in base32. SECRET. */
export const newTotpSecret = (random: Random): string => secretOf(random.bytes(secretBytes)).base32

const secretOf = (bytes: Uint8Array): Secret => new Secret({ buffer: new Uint8Array(bytes).buffer })

/** What an authenticator app reads from the QR code. SECRET. */
export const totpUri = (secret: string, { issuer, email }: { issuer: string; email: string }): string =>
  new TOTP({ ...form, issuer, label: email, secret }).toString()

/**
 * The time step whose code was presented: this one, the one before or the one after, by the server's clock. Undefined
 * where the code is of none of them.
 */
export function stepOfCode(secret: string, code: string, nowMs: EpochMs): number | undefined {
  const delta = new TOTP({ ...form, secret }).validate({ token: code, timestamp: nowMs, window: stepsAround })
  return delta === null ? undefined : Math.floor(nowMs / 1000 / periodSeconds) + delta
}

/** Secrets at rest: encrypted, so that a thief of the database has none of them (ADR 46). */
export interface TotpVault {
  readonly key: Uint8Array
  readonly random: Random
}

const contextOf = (userId: UserId): string => `totp of user ${userId}`

export const encryptTotpSecret = ({ key, random }: TotpVault, userId: UserId, secret: string): string =>
  encrypt(secret, key, contextOf(userId), random)

/** Throws where the master key is not the one that encrypted it. */
export function decryptTotpSecret({ key }: TotpVault, userId: UserId, encrypted: string): string {
  const secret = decrypt(encrypted, key, contextOf(userId))
  if (secret === undefined) {
    throw new Error(
      `The TOTP secret of user ${userId} was encrypted with another PROPUSK_MASTER_KEY. Set the one that was in force, or reset the factors of this account.`,
    )
  }
  return secret
}
