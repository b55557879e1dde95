import type { SessionId, UserId } from './ids.ts'
import type { Precondition } from './rejection.ts'
import type { EpochMs } from './time.ts'

/** Where a request comes from, for sessions and the audit. */
export interface Origin {
  readonly ipAddress: string
  readonly userAgent: string
}

/** The authenticated caller of this request. Built once from a live access token; headers are not read again. */
export interface Principal {
  readonly userId: UserId
  readonly sessionId: SessionId
  /** Code names of the roles as they stand now, not as they stood when the token was made. */
  readonly roles: readonly string[]
  /** The same roles by their ids; absent where the token only names them. */
  readonly roleIds?: readonly number[]
  readonly isSuperuser: boolean
  /** When the token that was presented runs out. */
  readonly accessUntilMs: EpochMs
}

/**
 * The actor and the origin of an act. The command line and the demo have neither: `principal` is null then, and an act
 * without a principal may do everything.
 */
export interface Acting {
  readonly principal: Principal | null
  readonly origin: Origin | null
}

/** Who acts, and what must hold of the row that is to be written; whatever it is, without a precondition. */
export interface ConditionalActing<State> extends Acting {
  readonly precondition?: Precondition<State>
}
