import crypto, { pbkdf2, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { systemRandom } from '../kernel/index.ts'
import { normalisePassword } from './password-policy.ts'

/** RFC 9106 section 3.1: m, t and p. */
export interface Argon2Cost {
  readonly memoryKib: number
  readonly passes: number
  readonly parallelism: number
}

/**
 * The work of checks, by algorithm: which of the two is slower differs from one processor to the next, so one is never
 * reckoned in terms of the other.
 */
export interface HashWork {
  /** The Argon2 work, with the parameters that it is done with; undefined where there is none. */
  readonly argon2: Argon2Cost | undefined
  /** Iterations of PBKDF2 with SHA-256. */
  readonly pbkdf2: number
}

/** A stored hash of a known form, read and found to be within our bounds. */
export interface PasswordHash {
  /** Whether the password gives this hash. Compares in constant time. */
  matches(presented: string): Promise<boolean>
  /** The work of one check of this password. */
  workOf(presented: string): HashWork
  /** Whether it should be replaced by a hash at this cost. */
  isOutdated(cost: Argon2Cost): boolean
}

/** What beside the password makes a tag (RFC 9106 section 3.1). */
export interface Argon2Parameters {
  readonly algorithm: 'argon2i' | 'argon2id'
  readonly memoryKib: number
  readonly passes: number
  readonly parallelism: number
  readonly salt: Buffer
  readonly tagBytes: number
}

/** Derives the tag of a password by Argon2 version 1.3, off the event loop. */
export type Argon2 = (password: string, parameters: Argon2Parameters) => Promise<Buffer>

type Library = Pick<typeof import('@node-rs/argon2'), 'hashRaw'>

/** The numbers of `@node-rs/argon2`, whose own enum exists in its types only. */
const algorithmNumbers = { argon2i: 1, argon2id: 2 } as const

export const argon2OfLibrary =
  ({ hashRaw }: Library): Argon2 =>
  (password, { algorithm, memoryKib, passes, parallelism, salt, tagBytes }) =>
    hashRaw(password, {
      algorithm: algorithmNumbers[algorithm],
      memoryCost: memoryKib,
      timeCost: passes,
      parallelism,
      salt,
      outputLen: tagBytes,
    })

export const argon2OfNode =
  (derive: typeof crypto.argon2): Argon2 =>
  (password, { algorithm, memoryKib, passes, parallelism, salt, tagBytes }) =>
    promisify(derive)(algorithm, {
      message: password,
      nonce: salt,
      parallelism,
      tagLength: tagBytes,
      memory: memoryKib,
      passes,
    })

/**
 * The native library; where it cannot be loaded, Node's own Argon2, which takes three times as long (ADR 31). Rejects
 * with what the library says where there is neither: Node has its own from 24.7 on.
 */
export async function chooseArgon2(
  load: () => Promise<Library>,
  ofNode: typeof crypto.argon2 | undefined,
): Promise<{ readonly argon2: Argon2; readonly isNative: boolean }> {
  try {
    return { argon2: argon2OfLibrary(await load()), isNative: true }
  } catch (error) {
    if (ofNode === undefined) throw error
    return { argon2: argon2OfNode(ofNode), isNative: false }
  }
}

/** Chosen once, when this module is loaded. */
export const { argon2, isNative: isArgon2Native } = await chooseArgon2(
  () => import('@node-rs/argon2'),
  crypto.argon2,
)

/** OWASP Password Storage Cheat Sheet: the least that Argon2id should cost. About 23 ms on one core. */
export const defaultArgon2Cost: Argon2Cost = { memoryKib: 19_456, passes: 2, parallelism: 1 }

// What the database may cost us on one check. Django's Argon2 takes 100 MiB and 2 passes; beyond a
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
export async function runArgon2Share(normalised: string, cost: Argon2Cost, share: number): Promise<void> {
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

const derive = promisify(pbkdf2)

/**
 * What the database may cost us on one check: about 0.6 s on one core. Django 1.4 began with 10,000
 * iterations, Django 6.0 takes 1,200,000 and each release adds a fifth. More is treated as no hash at all.
 */
const maxIterations = 3_000_000

const digestBytes = 32

/** How often a password is tried against one of Django's hashes. */
export const timesTried = (presented: string): number => (normalisePassword(presented) === presented ? 1 : 2)

/** Work for its own sake. The result is thrown away. */
export async function runPbkdf2(presented: string, iterations: number): Promise<void> {
  await derive(presented, '', iterations, digestBytes, 'sha256')
}

/** `django.contrib.auth.hashers.PBKDF2PasswordHasher`: the salt is text, the digest padded base64. */
const djangoString = /^pbkdf2_sha256\$([1-9]\d{0,6})\$([^$]{1,64})\$([A-Za-z0-9+/]{43}=)$/

/**
 * Undefined for anything but Django's `pbkdf2_sha256` of sane cost; so also for `!…`, with which Django
 * marks a password that cannot be used. Such a hash is always outdated: the next sign-in replaces it.
 */
export function parseDjangoHash(stored: string): PasswordHash | undefined {
  const match = djangoString.exec(stored)
  if (match === null) return undefined
  const iterations = Number(match[1])
  const salt = match[2]!
  const expected = Buffer.from(match[3]!, 'base64')
  if (iterations > maxIterations) return undefined

  const gives = async (password: string): Promise<boolean> =>
    timingSafeEqual(await derive(password, salt, iterations, digestBytes, 'sha256'), expected)

  return {
    // Django hashes the password as sent, without normalising it. A user whose password there has a character that NFKC
    // changes can only sign in with the password as presented, so that is tried too.
    async matches(presented) {
      const normalised = normalisePassword(presented)
      const given = await gives(normalised)
      return normalised === presented ? given : (await gives(presented)) || given
    },
    workOf: presented => ({ argon2: undefined, pbkdf2: iterations * timesTried(presented) }),
    isOutdated: () => true,
  }
}
