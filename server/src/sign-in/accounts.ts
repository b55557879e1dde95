import type { StandingStore } from '../access/index.ts'
import type { AuditLog } from '../audit/index.ts'
import type { PasswordHasher, User, UserStore } from '../identity/index.ts'
import type { Clock, Random, Transact } from '../kernel/index.ts'
import type { SessionStore } from '../sessions/index.ts'
import type { RefreshTokenStore, TokenIssuer, TokenPair } from '../tokens/index.ts'

/** What registration and sign-in write to, in one transaction. */
export interface SignInStores {
  readonly users: UserStore
  readonly sessions: SessionStore
  readonly refreshTokens: RefreshTokenStore
  readonly standings: StandingStore
  readonly audit: AuditLog
}

export interface SignInDeps {
  readonly transaction: Transact<SignInStores>
  readonly users: UserStore
  readonly hasher: PasswordHasher
  readonly issuer: TokenIssuer
  readonly clock: Clock
  readonly random: Random
  readonly sessionTtlSeconds: number
}

export interface SignedIn extends TokenPair {
  readonly user: User
}
