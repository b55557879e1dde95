import type { AccessClaims } from './access-claims.ts'
import type { Decision, Reason } from './decision.ts'
import type { Gate } from './gate.ts'
import type { TokenRejection } from './read-signed-token.ts'
import type { Authenticated } from './verify-token.ts'

/** Why a token is refused, or the reasons of a decision; `unreachable`: the server was asked and did not answer. */
export type VerdictReason = Reason | { readonly token: TokenRejection } | { readonly unreachable: true }

/** Who holds an accepted token. */
export interface Principal {
  /** The id of the user in decimal, the `sub` of the token. */
  readonly id: string
  /** The uuid of the session. */
  readonly session: string
  /** Code names of the roles that held when the token was checked. */
  readonly roles: readonly string[]
  readonly isSuperuser: boolean
  /**
   * Whether the holder may do this now, by what the gate knows at this call: a logout or a role that was taken away since
   * the check counts. False when the gate cannot know.
   */
  may(resource: string, action: string): boolean
}

interface Known {
  /** The id of the user, of an accepted token. */
  readonly subject: string
  readonly session: string
  /** Code names of the roles that hold now. */
  readonly roles: readonly string[]
  readonly isSuperuser: boolean
  readonly principal: Principal
  readonly because: readonly VerdictReason[]
}

export interface Allowed extends Known {
  readonly allowed: true
  readonly status: 200
}

/** A 403 says who, too. */
export interface Refused extends Partial<Omit<Known, 'because'>> {
  readonly allowed: false
  readonly status: 401 | 403 | 503
  readonly because: readonly VerdictReason[]
}

/** What a service answers with: 401 for the token, 403 for the permission, 503 when the gate cannot know. */
export type GateVerdict = Allowed | Refused

export const refused = (status: Refused['status'], reason: VerdictReason): Refused => ({
  allowed: false,
  status,
  because: [reason],
})

/** What is asked about an accepted token. */
export interface Asked {
  readonly resource: string
  readonly action: string
}

type MayNow = (claims: AccessClaims, asked: Asked) => boolean

/** The verdict about an accepted token. Its reasons and its principal are made when they are asked for. */
class Decided {
  readonly allowed: boolean
  readonly status: 200 | 403
  readonly subject: string
  readonly session: string
  readonly roles: readonly string[]
  readonly isSuperuser: boolean
  readonly #decide: () => Decision
  readonly #may: Principal['may']

  constructor(gate: Gate, { claims, grants }: Authenticated, { resource, action }: Asked, mayNow: MayNow) {
    this.allowed = gate.allows(grants, resource, action)
    this.status = this.allowed ? 200 : 403
    this.subject = claims.sub
    this.session = claims.sid
    this.roles = grants.roles
    this.isSuperuser = grants.isSuperuser
    this.#decide = () => gate.decide(grants, resource, action)
    this.#may = (resource, action) => mayNow(claims, { resource, action })
  }

  get because(): readonly Reason[] {
    return this.#decide().because
  }

  get principal(): Principal {
    const { subject: id, session, roles, isSuperuser } = this
    return Object.freeze({ id, session, roles, isSuperuser, may: this.#may })
  }
}

export const decided = (
  gate: Gate,
  authenticated: Authenticated,
  asked: Asked,
  mayNow: MayNow,
): GateVerdict => new Decided(gate, authenticated, asked, mayNow) as GateVerdict
