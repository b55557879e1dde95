import type { EpochMs, FactorId, UserId } from '../kernel/index.ts'

export type FactorKind = 'totp' | 'passkey'

/** A second factor of an account. It is on once it is confirmed, and nothing else says so (ADR 46). */
export interface Factor {
  readonly id: FactorId
  readonly userId: UserId
  readonly kind: FactorKind
  /** What its owner calls it. */
  readonly name: string
  readonly createdAtMs: EpochMs
  readonly lastUsedAtMs: EpochMs | null
}

/** What a person can prove beside the password, in the order in which a page offers it. */
export type FactorMethod = 'passkey' | 'totp' | 'recovery'

/** Characters of the name of a factor. */
export const maxFactorName = 100

/** Of each kind. Each code that is presented is compared with all. */
export const maxFactorsOfKind = 10

/** How long an enrolment waits for its first code. */
export const enrolmentMs = 30 * 60_000
