/** RFC 9106 section 3.1: m, t and p. */
export interface Argon2Cost {
  readonly memoryKib: number
  readonly passes: number
  readonly parallelism: number
}

/** A stored hash of a known form, read and found to be within our bounds. */
export interface PasswordHash {
  /** Whether the password gives this hash. Compares in constant time. */
  matches(presented: string): Promise<boolean>
  /** The work of one check, as a share of one hash at this cost: 1 is the same, 0.5 half of it. */
  shareOf(cost: Argon2Cost): number
  /** Whether it should be replaced by a hash at this cost. */
  isOutdated(cost: Argon2Cost): boolean
}
