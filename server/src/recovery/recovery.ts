import type { AuditLog } from '../audit/index.ts'
import type { FactorDeps, FactorStores } from '../factors/index.ts'
import type { LeakedPasswords, PasswordHasher, UserStore } from '../identity/index.ts'
import type { Clock, Transact } from '../kernel/index.ts'
import type { OutboxStore } from '../mail/index.ts'
import type { FindProofDeps, ProofStore } from '../proofs/index.ts'
import type { EndingStores } from '../sessions/index.ts'
import type { Throttle, ThrottleStore } from '../throttle/index.ts'

/** What the ways back into an account write to, in one transaction. */
export interface RecoveryStores extends EndingStores, FactorStores {
  readonly users: UserStore
  readonly proofs: ProofStore
  readonly outbox: OutboxStore
  readonly throttle: ThrottleStore
  readonly audit: AuditLog
}

export interface RecoveryDeps extends Omit<FindProofDeps, 'transaction' | 'throttle'> {
  readonly transaction: Transact<RecoveryStores>
  readonly throttle: Throttle
  /** Committed state, read outside a transaction. */
  readonly users: UserStore
  readonly hasher: PasswordHasher
  readonly clock: Clock
  readonly passwordMinLength: number
  readonly leakedPasswords: LeakedPasswords
  readonly byFactor: FactorDeps<RecoveryStores>
  /** Whether this server can send mail. */
  readonly isMailOn: boolean
}
