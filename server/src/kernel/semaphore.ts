/** A place that was taken: `using` gives it back. It is given back once, however often it is disposed of. */
export type Permit = Disposable

export interface WaitingLimit {
  readonly maxWaiting: number
  /** What `acquire` rejects with when as many wait already. */
  readonly full: () => Error
}

interface SemaphoreOptions extends WaitingLimit {
  /** How many may be held at the same time. */
  readonly permits: number
}

/** Lets so many through at a time, and lets so many wait, in the order in which they came. */
export class Semaphore {
  readonly #options: SemaphoreOptions
  /** In the order in which they came: a Set also lets go of one in the middle, whose caller has gone. */
  readonly #waiting = new Set<() => void>()
  #held = 0

  constructor(options: SemaphoreOptions) {
    this.#options = options
  }

  get running(): number {
    return this.#held
  }

  get waiting(): number {
    return this.#waiting.size
  }

  /** A permit at once, or none. */
  tryAcquire(): Permit | undefined {
    if (this.#held >= this.#options.permits) return undefined
    this.#held += 1
    return this.#permit()
  }

  /** Waits for a permit. Rejects at once when too many wait, and with the signal's reason when that aborts first. */
  async acquire(signal?: AbortSignal): Promise<Permit> {
    signal?.throwIfAborted()
    return this.tryAcquire() ?? (await this.#wait(signal))
  }

  /** Runs the work with a permit, and gives that back however the work ends. */
  async run<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    using _permit = await this.acquire(signal)
    return await work()
  }

  async #wait(signal: AbortSignal | undefined): Promise<Permit> {
    const { maxWaiting, full } = this.#options
    if (this.#waiting.size >= maxWaiting) throw full()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const leave = () => {
      this.#waiting.delete(resolve)
      reject(signal?.reason)
    }
    this.#waiting.add(resolve)
    signal?.addEventListener('abort', leave, { once: true })
    try {
      await promise
    } finally {
      signal?.removeEventListener('abort', leave)
    }
    return this.#permit()
  }

  #permit(): Permit {
    let isHeld = true
    return {
      [Symbol.dispose]: () => {
        if (isHeld) this.#release()
        isHeld = false
      },
    }
  }

  // INVARIANT: a permit that is given back goes to the one that waits longest, so no caller that comes in between
  // overtakes, and `held` never exceeds `permits`.
  #release(): void {
    const [next] = this.#waiting
    if (next === undefined) {
      this.#held -= 1
    } else {
      this.#waiting.delete(next)
      next()
    }
  }
}

/** A semaphore for each key, kept only while it is in use; the limit of those that wait is one for all keys together. */
export class KeyedSemaphore<Key> {
  readonly #limit: WaitingLimit
  readonly #byKey = new Map<Key, Semaphore>()
  #waiting = 0

  constructor(limit: WaitingLimit) {
    this.#limit = limit
  }

  /** How many keys are in use. */
  get size(): number {
    return this.#byKey.size
  }

  /** A permit at once, or none. `permits` is how many the key has: the same with every call. */
  tryAcquire(key: Key, permits: number): Permit | undefined {
    const permit = this.#of(key, permits).tryAcquire()
    return permit && this.#permit(key, permit)
  }

  /** Waits for a permit of the key. Rejects at once when too many wait, at whatever keys. */
  async acquire(key: Key, permits: number, signal?: AbortSignal): Promise<Permit> {
    signal?.throwIfAborted()
    const permit = this.tryAcquire(key, permits)
    if (permit !== undefined) return permit
    if (this.#waiting >= this.#limit.maxWaiting) throw this.#limit.full()
    this.#waiting += 1
    try {
      return this.#permit(key, await this.#of(key, permits).acquire(signal))
    } finally {
      this.#waiting -= 1
    }
  }

  #of(key: Key, permits: number): Semaphore {
    const known = this.#byKey.get(key)
    if (known !== undefined) return known
    const semaphore = new Semaphore({ ...this.#limit, permits, maxWaiting: Number.POSITIVE_INFINITY })
    this.#byKey.set(key, semaphore)
    return semaphore
  }

  #permit(key: Key, permit: Permit): Permit {
    const semaphore = this.#byKey.get(key)
    return {
      [Symbol.dispose]: () => {
        permit[Symbol.dispose]()
        // Another one may stand there by now, when this permit is disposed of again.
        if (semaphore?.running === 0 && this.#byKey.get(key) === semaphore) this.#byKey.delete(key)
      },
    }
  }
}
