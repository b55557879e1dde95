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
