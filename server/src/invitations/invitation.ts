import type { AssigningStores } from '../access/index.ts'
import type { ApiKeyStore } from '../api-keys/index.ts'
import type { AuditLog } from '../audit/index.ts'
import type { LeakedPasswords, OwnFields, PasswordHasher, UserStore } from '../identity/index.ts'
import type {
  ApiKeyId,
  Clock,
  EpochMs,
  InvitationId,
  Locale,
  ProofId,
  Transact,
  UserId,
} from '../kernel/index.ts'
import type { OutboxStore } from '../mail/index.ts'
import type { FindProofDeps, ProofStore } from '../proofs/index.ts'
import type { Throttle } from '../throttle/index.ts'
import type { InvitationStore } from './invitation-store.sql.ts'

export const invitationStates = ['pending', 'accepted', 'revoked', 'expired'] as const

export type InvitationState = (typeof invitationStates)[number]

/** An account that a person is to open, with the roles that they get then. */
export interface Invitation {
  readonly id: InvitationId
  /** Canonical. */
  readonly email: string
  /** Names that the inviter gave; who accepts may change them. */
  readonly own: OwnFields
  /** Code names, sorted. A role that was deleted since is not among them. */
  readonly roles: readonly string[]
  /** Of its mail. Null where it is not known: then PROPUSK_MAIL_LOCALE. */
  readonly locale: Locale | null
  /** Who answers for it: who sent it last. */
  readonly inviter: Inviter
  readonly createdAtMs: EpochMs
  readonly sentAtMs: EpochMs
  readonly expiresAtMs: EpochMs
  /** As stored: `pending` also after its time. */
  readonly state: InvitationState
  readonly finishedAtMs: EpochMs | null
  readonly proofId: ProofId
  /** The account that it became. */
  readonly userId: UserId | null
}

/** An account, and the API key by which it acted. */
export interface Inviter {
  readonly userId: UserId
  readonly apiKeyId: ApiKeyId | null
  /** Of the account as it is now. */
  readonly email: string
}

/** Its state now: a pending one ends with its time, and nothing needs to be written for it. */
export const stateAt = (
  { state, expiresAtMs }: Pick<Invitation, 'state' | 'expiresAtMs'>,
  nowMs: EpochMs,
): InvitationState => (state === 'pending' && expiresAtMs <= nowMs ? 'expired' : state)

/** How the audit names it. */
export const invitationTarget = (id: InvitationId): string => `invitations/${id}`

/** For so long after its time it stays in the list, whatever became of it. */
export const keepInvitationsMs = 90 * 86_400_000

/** What invitations write to, in one transaction. */
export interface InvitationStores extends AssigningStores {
  readonly users: UserStore
  readonly apiKeys: Pick<ApiKeyStore, 'isLiving'>
  readonly invitations: InvitationStore
  readonly proofs: ProofStore
  readonly outbox: OutboxStore
  readonly audit: AuditLog
}

export interface InvitationDeps extends Omit<FindProofDeps, 'transaction' | 'throttle'> {
  readonly transaction: Transact<InvitationStores>
  readonly throttle: Throttle
  /** Committed state, read outside a transaction. */
  readonly stores: Pick<InvitationStores, 'users' | 'apiKeys' | 'rights' | 'invitations'>
  readonly hasher: PasswordHasher
  readonly clock: Clock
  readonly passwordMinLength: number
  readonly leakedPasswords: LeakedPasswords
  /** Whether this server can send mail. */
  readonly isMailOn: boolean
}
