import { availableParallelism } from 'node:os'
import { parseDjangoHash } from './django-hash.ts'
import { createHashingQueue, type HashingLoad } from './hashing-queue.ts'
import { lowerPoolPriority } from './lower-pool-priority.ts'
import { defaultArgon2Cost, hashArgon2, parseArgon2Hash, spendArgon2 } from './password-argon2.ts'
import { isHashable, normalisePassword } from './password-form.ts'
import type { Argon2Cost } from './password-hash.ts'

/**
 * Hashes and checks passwords, off the event loop and a few at a time. Every call takes the password as it
 * was presented, and throws `Refusal('unavailable')` when too many wait already.
 *
 * An unknown account (`verifyNothing`), a wrong password, a hash that cannot be used and a password too long
 * to be right all cost one hash of ours; a hash made more cheaply is topped up to that. Not equal: a hash
 * that costs more than ours, as Django's mostly do, takes its own time until the next sign-in replaces it,
 * and twice that for a password which NFKC changes.
 */
export interface PasswordHasher {
  /** A PHC string of at most 128 characters. A password that the policy would refuse for its form is a TypeError. */
  hash(presented: string): Promise<string>
  /**
   * Whether the password is the one behind the stored hash: Argon2id, Argon2i or Django's PBKDF2. Anything
   * else matches nothing. `outdated` asks for a new hash, and means something only when it matches.
   */
  verify(presented: string, stored: string): Promise<{ matches: boolean; outdated: boolean }>
  /** The same work as a real verification, for an account that does not exist. */
  verifyNothing(presented: string): Promise<void>
  /** How many are hashed now, and how many wait. */
  readonly load: HashingLoad
}

export interface PasswordHasherOptions extends Partial<Argon2Cost> {
  /** Hashes at the same time. */
  readonly concurrency?: number
  /** How many may wait; at two cores, 256 wait for some three seconds. */
  readonly queueLimit?: number
}

/**
 * One hash per core, but never all four threads of libuv's pool: files and name resolution share it. Whoever
 * raises UV_THREADPOOL_SIZE on a larger machine can raise `concurrency` with it.
 */
const defaultConcurrency = (): number => Math.min(availableParallelism(), 3)

const defaultQueueLimit = 256

export function createPasswordHasher(options: PasswordHasherOptions = {}): PasswordHasher {
  const cost: Argon2Cost = {
    memoryKib: options.memoryKib ?? defaultArgon2Cost.memoryKib,
    passes: options.passes ?? defaultArgon2Cost.passes,
    parallelism: options.parallelism ?? defaultArgon2Cost.parallelism,
  }
  const queue = createHashingQueue({
    concurrency: options.concurrency ?? defaultConcurrency(),
    limit: options.queueLimit ?? defaultQueueLimit,
  })
  let stepBack: (() => void) | undefined = lowerPoolPriority
  const run = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await queue.run(work)
    } finally {
      // Not sooner: the threads are there once there was work for them.
      stepBack?.()
      stepBack = undefined
    }
  }
  const spend = (password: string, share: number) => spendArgon2(normalisePassword(password), cost, share)

  return {
    async hash(presented) {
      if (!isHashable(presented))
        throw new TypeError('The password is too long or not well-formed: judge it first')
      return run(() => hashArgon2(normalisePassword(presented), cost))
    },

    async verify(presented, stored) {
      const hash = parseArgon2Hash(stored) ?? parseDjangoHash(stored)
      const hashable = isHashable(presented)
      // The same path for a password that cannot be right, so that it costs what a wrong one costs.
      const password = hashable ? presented : ''
      return run(async () => {
        const given = hash !== undefined && (await hash.matches(password))
        const share = hash?.shareOf(cost) ?? 0
        if (share < 1) await spend(password, 1 - share)
        return { matches: given && hashable, outdated: hash?.isOutdated(cost) ?? true }
      })
    },

    verifyNothing: async presented => run(() => spend(isHashable(presented) ? presented : '', 1)),

    get load() {
      return queue.load
    },
  }
}
