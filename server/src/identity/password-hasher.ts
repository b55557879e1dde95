import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism, getPriority, setPriority } from 'node:os'
import { Rejection, Semaphore } from '../kernel/index.ts'
import {
  type Argon2Cost,
  argon2WorkOf,
  defaultArgon2Cost,
  type HashWork,
  hashArgon2,
  type PasswordHash,
  parseArgon2Hash,
  parseDjangoHash,
  runArgon2Share,
  runPbkdf2,
  timesTried,
} from './password-hash.ts'
import { isHashable, normalisePassword } from './password-policy.ts'

/**
 * Hashes and checks passwords, off the event loop and a few at a time. Every call takes the password as it
 * was presented, and throws `Rejection('unavailable')` when too many wait already.
 *
 * INVARIANT: every check that is refused does the same work, whatever is stored: for an unknown account
 * (`verifyNothing`), a wrong password, a closed account, a hash that cannot be used, a password too long to be right.
 * That is one hash of ours, and where hashes are stored that cost more, as Django's do, the work of the costliest of
 * each algorithm (`evenOut`). A check that succeeds costs what its own hash costs.
 */
export interface PasswordHasher {
  /** A PHC string of at most 128 characters. A password that the policy would refuse for its form is a TypeError. */
  hash(presented: string): Promise<string>
  /**
   * Whether the password is the one behind the stored hash: Argon2id, Argon2i or Django's PBKDF2. Anything
   * else matches nothing. `outdated` asks for a new hash, and means something only when it matches. With `isOpen`
   * false even the right password costs what a wrong one costs: the caller refuses it.
   */
  verify(
    presented: string,
    stored: string,
    isOpen?: boolean,
  ): Promise<{ matches: boolean; outdated: boolean }>
  /** The same work as a real verification, for an account that does not exist. */
  verifyNothing(presented: string): Promise<void>
  /** From now on a refused check does the work of the costliest among these stored hashes, and of ours. */
  evenOut(stored: readonly string[]): void
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
 * One hash per core, but never all four threads of libuv's pool: files and name resolution share it. An operator who
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
  const queue = new HashingQueue({
    concurrency: options.concurrency ?? defaultConcurrency(),
    limit: options.queueLimit ?? defaultQueueLimit,
  })
  let stepBack: (() => void) | undefined = lowerThreadPoolPriority
  const run = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await queue.run(work)
    } finally {
      // Not sooner: the threads are there once there was work for them.
      stepBack?.()
      stepBack = undefined
    }
  }
  const own: FullWork = { argon2: cost, pbkdf2: 0 }
  let rejection = own
  /** The rest of the work of a rejection, after some of it was done. */
  const runRest = async (password: string, done: HashWork): Promise<void> => {
    const normalised = normalisePassword(password)
    const doneShare =
      done.argon2 === undefined ? 0 : argon2WorkOf(done.argon2) / argon2WorkOf(rejection.argon2)
    if (doneShare < 1) await runArgon2Share(normalised, rejection.argon2, 1 - doneShare)
    const iterations = rejection.pbkdf2 * timesTried(password) - done.pbkdf2
    if (iterations > 0) await runPbkdf2(normalised, iterations)
  }

  return {
    async hash(presented) {
      if (!isHashable(presented))
        throw new TypeError('The password is too long or not well-formed: validate it first')
      return run(() => hashArgon2(normalisePassword(presented), cost))
    },

    async verify(presented, stored, isOpen = true) {
      const hash = parseHash(stored)
      // The first of its kind since the last `evenOut`.
      if (hash !== undefined) rejection = costlier(rejection, hash)
      const hashable = isHashable(presented)
      // The same path for a password that cannot be right, so that it costs what a wrong one costs.
      const password = hashable ? presented : ''
      return run(async () => {
        const matches = hash !== undefined && (await hash.matches(password)) && hashable
        if (!(matches && isOpen)) await runRest(password, hash?.workOf(password) ?? noWork)
        return { matches, outdated: hash?.isOutdated(cost) ?? true }
      })
    },

    verifyNothing: async presented => run(() => runRest(isHashable(presented) ? presented : '', noWork)),

    evenOut(stored) {
      rejection = stored
        .map(parseHash)
        .filter(hash => hash !== undefined)
        .reduce(costlier, own)
    },

    get load() {
      return queue.load
    },
  }
}

type FullWork = HashWork & { readonly argon2: Argon2Cost }

const noWork: HashWork = { argon2: undefined, pbkdf2: 0 }

const parseHash = (stored: string): PasswordHash | undefined =>
  parseArgon2Hash(stored) ?? parseDjangoHash(stored)

/** The costlier of each algorithm. */
function costlier(most: FullWork, hash: PasswordHash): FullWork {
  const { argon2, pbkdf2 } = hash.workOf('')
  const isCostlier = argon2 !== undefined && argon2WorkOf(argon2) > argon2WorkOf(most.argon2)
  return { argon2: isCostlier ? argon2 : most.argon2, pbkdf2: Math.max(most.pbkdf2, pbkdf2) }
}

export interface HashingLoad {
  readonly waiting: number
  readonly running: number
}

interface HashingQueueOptions {
  /** How many run at the same time. */
  readonly concurrency: number
  /** How many may wait. */
  readonly limit: number
}

/** One hash on one core of a small server; good enough to say when to come back. */
const typicalHashSeconds = 0.025

/** Lets costly work through a few at a time, in the order in which it came. */
export class HashingQueue {
  readonly #semaphore: Semaphore

  constructor({ concurrency, limit }: HashingQueueOptions) {
    const retryAfterSeconds = Math.max(1, Math.ceil((limit / concurrency) * typicalHashSeconds))
    this.#semaphore = new Semaphore({
      permits: concurrency,
      maxWaiting: limit,
      full: () => new Rejection('unavailable', { retryAfterSeconds }),
    })
  }

  /**
   * Runs the work when its turn comes. Throws `Rejection('unavailable')` at once when the queue is full: an answer that
   * comes after the client has gone is of use to no caller.
   */
  run<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#semaphore.run(work)
  }

  get load(): HashingLoad {
    return { waiting: this.#semaphore.waiting, running: this.#semaphore.running }
  }
}

/**
 * How far the threads that hash step back behind the rest of the process, as a nice value: the event loop then gets a
 * core soon, also while a hash keeps each of them busy. Measured in docs/performance.md.
 */
const steps = 10
const mostNice = 19

const threadsOfThisProcess = '/proc/self/task'

/** What libuv calls the threads of its pool, all of which are there from the first work on. */
const poolThreadName = 'libuv-worker'

/**
 * Lets the threads of libuv's pool, which hash, step back behind the event loop. Linux alone gives a thread a priority
 * of its own; elsewhere, and where the system forbids it, this does nothing. Files and name resolution share the pool:
 * they hardly compute, and so hardly feel it.
 */
export function lowerThreadPoolPriority(): void {
  const nice = Math.min(getPriority() + steps, mostNice)
  for (const thread of poolThreads()) {
    try {
      setPriority(thread, nice)
    } catch {
      // It has ended, or a sandbox forbids the call: then all is as it was.
    }
  }
}

function poolThreads(): number[] {
  try {
    return readdirSync(threadsOfThisProcess)
      .filter(
        thread => readFileSync(`${threadsOfThisProcess}/${thread}/comm`, 'utf8').trim() === poolThreadName,
      )
      .map(Number)
  } catch {
    return []
  }
}
