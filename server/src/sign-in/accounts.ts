import type { GrantsStore } from '../access/index.ts'
import type { PasswordHasher, User, UserStore } from '../identity/index.ts'
import type { Clock, Random, Transact } from '../kernel/index.ts'
import type { EndingStores } from '../sessions/index.ts'
import type { DeviceTokens, Throttle, ThrottleStore } from '../throttle/index.ts'
import type { RefreshTokenStore, TokenIssuer, TokenPair } from '../tokens/index.ts'

/** What registration and sign-in write to, in one transaction. */
export interface SignInStores extends EndingStores {
  readonly users: UserStore
  readonly refreshTokens: RefreshTokenStore
  readonly userGrants: GrantsStore
  readonly throttle: ThrottleStore
}

export interface SignInDeps {
  readonly transaction: Transact<SignInStores>
  readonly users: UserStore
  readonly hasher: PasswordHasher
  readonly throttle: Throttle
  readonly deviceTokens: DeviceTokens
  readonly issuer: TokenIssuer
  readonly clock: Clock
  readonly random: Random
  readonly sessionTtlSeconds: number
  readonly sessionsPerAccount: number
}

export interface SignedIn extends TokenPair {
  readonly user: User
  /** What this device shows with its next sign-in to this account. */
  readonly deviceToken: string
}
