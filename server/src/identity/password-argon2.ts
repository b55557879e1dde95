import { timingSafeEqual } from 'node:crypto'
import { systemRandom } from '../kernel/index.ts'
import { type Argon2Parameters, argon2 } from './argon2.ts'
import { normalisePassword } from './password-form.ts'
import type { Argon2Cost, PasswordHash } from './password-hash.ts'

/** OWASP Password Storage Cheat Sheet: the least that Argon2id should cost. About 23 ms on one core. */
export const defaultArgon2Cost: Argon2Cost = { memoryKib: 19_456, passes: 2, parallelism: 1 }

// What the database may make us spend on one check. Django's Argon2 takes 100 MiB and 2 passes; beyond a
// dozen times our own work a stored hash is an error or an attack, and is treated as no hash at all.
const maxMemoryKib = 131_072
const maxParallelism = 16
const maxWork = 12 * 19_456 * 2

const saltBytes = 16
const tagBytes = 32

/** Argon2 version 1.3 only. Unpadded base64; the salt is 8 to 48 bytes long, the tag 16 to 64. */
const phcString =
  /^\$(argon2id?)\$v=19\$m=([1-9]\d{0,6}),t=([1-9]\d{0,3}),p=([1-9]\d{0,1})\$([A-Za-z0-9+/]{11,64})\$([A-Za-z0-9+/]{22,86})$/

/** Kibibytes filled. */
export const argon2WorkOf = (cost: Argon2Cost): number => cost.memoryKib * cost.passes

/** A new Argon2id hash as a PHC string, with a salt from the operating system. */
export async function hashArgon2(normalised: string, cost: Argon2Cost): Promise<string> {
  const salt = Buffer.from(systemRandom.bytes(saltBytes))
  const tag = await argon2(normalised, { ...cost, algorithm: 'argon2id', salt, tagBytes })
  const { memoryKib, passes, parallelism } = cost
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`
}

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')

/** Work for its own sake: the given share, at most 1, of one hash at this cost. The result is thrown away. */
export async function spendArgon2(normalised: string, cost: Argon2Cost, share: number): Promise<void> {
  const memoryKib = Math.max(8 * cost.parallelism, Math.round(cost.memoryKib * share))
  await argon2(normalised, { ...cost, memoryKib, algorithm: 'argon2id', salt: decoySalt, tagBytes })
}

const decoySalt = Buffer.alloc(saltBytes)

/** Undefined for anything but an Argon2id or Argon2i PHC string of sane cost. */
export function parseArgon2Hash(stored: string): PasswordHash | undefined {
  // Django writes the name of its hasher in front of the PHC string.
  const match = phcString.exec(stored.startsWith('argon2$') ? stored.slice('argon2'.length) : stored)
  if (match === null) return undefined
  const [algorithm = '', memoryKib, passes, parallelism, salt = '', tag = ''] = match.slice(1)
  const cost = { memoryKib: Number(memoryKib), passes: Number(passes), parallelism: Number(parallelism) }
  if (!isSane(cost)) return undefined
  const expected = Buffer.from(tag, 'base64')
  const parameters: Argon2Parameters = {
    ...cost,
    algorithm: algorithm === 'argon2i' ? 'argon2i' : 'argon2id',
    salt: Buffer.from(salt, 'base64'),
    tagBytes: expected.length,
  }
  return {
    matches: async presented =>
      timingSafeEqual(await argon2(normalisePassword(presented), parameters), expected),
    workOf: () => ({ argon2: cost, pbkdf2: 0 }),
    isOutdated: ours =>
      algorithm !== 'argon2id' ||
      cost.memoryKib !== ours.memoryKib ||
      cost.passes !== ours.passes ||
      cost.parallelism !== ours.parallelism ||
      parameters.salt.length < saltBytes ||
      expected.length < tagBytes ||
      !stored.startsWith('$'),
  }
}

// RFC 9106 section 3.1: at least 8 KiB for each lane.
const isSane = (cost: Argon2Cost): boolean =>
  cost.memoryKib >= 8 * cost.parallelism &&
  cost.memoryKib <= maxMemoryKib &&
  cost.parallelism <= maxParallelism &&
  argon2WorkOf(cost) <= maxWork
