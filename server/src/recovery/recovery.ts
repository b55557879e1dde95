import { networkOf } from '../addresses/index.ts'
import type { AuditLog } from '../audit/index.ts'
import type { LeakedPasswords, PasswordHasher, UserStore } from '../identity/index.ts'
import {
  type ClientInfo,
  type Clock,
  type EpochMs,
  type Locale,
  Rejection,
  type Transact,
} from '../kernel/index.ts'
import type { OutboxStore } from '../mail/index.ts'
import type { FindProofDeps, ProofStore } from '../proofs/index.ts'
import type { EndingStores } from '../sessions/index.ts'
import type { Throttle, ThrottleStore } from '../throttle/index.ts'

/** What the ways back into an account write to, in one transaction. */
export interface RecoveryStores extends EndingStores {
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
  /** Whether this server can send mail. */
  readonly isMailOn: boolean
}

/** Who asks for a mail, and in which language its reader is to have it. */
export interface MailRequest {
  /** Canonical. */
  readonly email: string
  readonly origin: ClientInfo
  readonly locale: Locale
}

/** Refuses with `mail_not_configured` whatever only mail can do. */
export function assertMailOn({ isMailOn }: Pick<RecoveryDeps, 'isMailOn'>): void {
  if (!isMailOn) throw new Rejection('mail_not_configured')
}

/**
 * Whether a mail may be sent that a caller asks for who is not signed in. Refuses with `too_many_requests` by the network of the
 * caller. False when the address, or all of them together, have had enough, of which no answer tells. INVARIANT: asks nothing
 * about an account, so neither the answer nor its time tells whether there is one.
 */
export async function mayMail(
  { throttle }: Pick<RecoveryDeps, 'throttle'>,
  { email, origin }: Pick<MailRequest, 'email' | 'origin'>,
  nowMs: EpochMs,
): Promise<boolean> {
  await throttle.take('mail_network', networkOf(origin.ipAddress), nowMs)
  return (
    (await throttle.tryTake('mail_address', email, nowMs)) &&
    (await throttle.tryTake('mail_total', '*', nowMs))
  )
}
