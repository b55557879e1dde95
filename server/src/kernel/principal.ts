import type { ApiKeyId, SessionId, UserId } from './ids.ts'
import type { Precondition } from './rejection.ts'
import type { EpochMs } from './time.ts'

/** Where a request comes from, for sessions and the audit. */
export interface ClientInfo {
  readonly ipAddress: string
  readonly userAgent: string
}

/** A person's application, by a live access token. */
export interface SessionPrincipal {
  readonly userId: UserId
  readonly sessionId: SessionId
  /** Code names of the roles as they stand now, not as they stood when the token was made. */
  readonly roles: readonly string[]
  /** The same roles by their ids; absent where the token only names them. */
  readonly roleIds?: readonly number[]
  readonly isSuperuser: boolean
  /** When the token that was presented runs out. */
  readonly accessUntilMs: EpochMs
  /** How its owner proved who is there, and when, as the token says. Without it nothing that asks for more is allowed. */
  readonly authentication?: { readonly acr: 'aal1' | 'aal2'; readonly authTimeMs: EpochMs }
}

/** A program, by an API key. It acts in the name of the key's owner, and holds no more than both the key and the owner do. */
export interface KeyPrincipal {
  /** The owner of the key. */
  readonly userId: UserId
  readonly apiKeyId: ApiKeyId
  /** Code names of the roles of the key. */
  readonly roles: readonly string[]
  /** What it may do, as read when the request began. */
  readonly permissions: ReadonlySet<string>
  /** A key is never one, though its owner may be. */
  readonly isSuperuser: false
}

/** The authenticated caller of this request. Built once; headers are not read again. */
export type Principal = SessionPrincipal | KeyPrincipal

export const isKeyPrincipal = (principal: Principal): principal is KeyPrincipal => 'apiKeyId' in principal

/**
 * The actor and the origin of an act. The command line and the demo have neither: `principal` is null then, and an act
 * without a principal may do everything.
 */
export interface Caller {
  readonly principal: Principal | null
  readonly origin: ClientInfo | null
}

/** Who acts, and what must hold of the row that is to be written; whatever it is, without a precondition. */
export interface ConditionalCaller<State> extends Caller {
  readonly precondition?: Precondition<State>
}
