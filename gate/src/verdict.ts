import type { AccessClaims } from './access-claims.ts'
import type { Decision, Reason } from './decision.ts'
import type { Gate } from './gate.ts'
import type { TokenRejection } from './read-signed-token.ts'
import {
  type AuthenticationRequirement,
  authenticationOf,
  type CallerAuthentication,
  isAuthenticatedEnough,
} from './step-up.ts'
import type { Authenticated } from './verify-token.ts'

/**
 * Why a token is refused, or the reasons of a decision. `stepUp`: the token holds, and its bearer must prove anew who is there,
 * as strongly and as recently as it says (RFC 9470). `unreachable`: the server was asked and did not answer.
 */
export type VerdictReason =
  | Reason
  | { readonly token: TokenRejection }
  | { readonly stepUp: AuthenticationRequirement }
  | { readonly unreachable: true }

/** Who holds an accepted token. */
export interface Principal {
  /** The id of the user in decimal, the `sub` of the token. */
  readonly id: string
  /** The uuid of the session. */
  readonly session: string
  /** Code names of the roles that held when the token was checked. */
  readonly roles: readonly string[]
  readonly isSuperuser: boolean
  /** How strongly and when the holder last proved who is there, by the token. */
  readonly authentication: CallerAuthentication
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

/** A 403 says who, too, and so does a 401 of `stepUp`. */
export interface Refused extends Partial<Omit<Known, 'because'>> {
  readonly allowed: false
  readonly status: 401 | 403 | 503
  readonly because: readonly VerdictReason[]
}

/**
 * What a service answers with: 401 for the token, or for how its bearer was authenticated (`stepUp`), 403 for the permission,
 * 503 when the gate cannot know.
 */
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
  /** What the act asks of the authentication of its caller; asked after the permission. */
  readonly stepUp?: AuthenticationRequirement | undefined
}

/** The questions that come after the check, and the time of it by the clock of the issuer. */
export interface CheckedWith {
  mayNow(claims: AccessClaims, asked: Asked): boolean
  readonly nowMs: number
}

/** What the bearer must prove anew for an act that is permitted; undefined where nothing must. */
export const missingStepUp = (
  { stepUp }: Asked,
  authentication: CallerAuthentication,
  nowMs: number,
): AuthenticationRequirement | undefined =>
  stepUp === undefined || isAuthenticatedEnough(authentication, stepUp, nowMs) ? undefined : stepUp

/** The same for an act that is denied: undefined unless a role allows it that asks for a higher level than the session has (ADR 49). */
function missingLevel(
  gate: Gate,
  { roles, isSuperuser, acr }: Authenticated['grants'],
  { resource, action, stepUp }: Asked,
): AuthenticationRequirement | undefined {
  if (acr === 'aal2' || !gate.allows({ roles, isSuperuser, acr: 'aal2' }, resource, action)) return undefined
  return { ...stepUp, acr: 'aal2' }
}

/** The verdict about an accepted token. Its reasons and its principal are made when they are asked for. */
class Decided {
  readonly allowed: boolean
  readonly status: 200 | 401 | 403
  readonly subject: string
  readonly session: string
  readonly roles: readonly string[]
  readonly isSuperuser: boolean
  readonly #stepUp: AuthenticationRequirement | undefined
  readonly #decide: () => Decision
  readonly #claims: AccessClaims
  readonly #may: Principal['may']

  constructor(gate: Gate, authenticated: Authenticated, asked: Asked, { mayNow, nowMs }: CheckedWith) {
    const { claims, grants } = authenticated
    const { resource, action } = asked
    const isPermitted = gate.allows(grants, resource, action)
    this.#stepUp = isPermitted
      ? asked.stepUp && missingStepUp(asked, authenticationOf(claims), nowMs)
      : missingLevel(gate, grants, asked)
    this.allowed = isPermitted && this.#stepUp === undefined
    this.status = this.allowed ? 200 : this.#stepUp === undefined ? 403 : 401
    this.subject = claims.sub
    this.session = claims.sid
    this.roles = grants.roles
    this.isSuperuser = grants.isSuperuser
    this.#decide = () => gate.decide(grants, resource, action)
    this.#claims = claims
    this.#may = (resource, action) => mayNow(claims, { resource, action })
  }

  get because(): readonly VerdictReason[] {
    const { because } = this.#decide()
    if (this.#stepUp === undefined) return because
    return [{ stepUp: this.#stepUp }, ...because.filter(reason => 'requires_aal' in reason)]
  }

  get principal(): Principal {
    const { subject: id, session, roles, isSuperuser } = this
    const authentication = authenticationOf(this.#claims)
    return Object.freeze({ id, session, roles, isSuperuser, authentication, may: this.#may })
  }
}

export const decided = (
  gate: Gate,
  authenticated: Authenticated,
  asked: Asked,
  checkedWith: CheckedWith,
): GateVerdict => new Decided(gate, authenticated, asked, checkedWith) as GateVerdict
