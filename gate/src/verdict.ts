import type { Decision, Reason } from './decision.ts'
import type { Gate } from './gate.ts'
import type { TokenRejection } from './read-signed-token.ts'

/** Why a token is refused, or the reasons of a decision; `unreachable`: the server was asked and did not answer. */
export type VerdictReason = Reason | { readonly token: TokenRejection } | { readonly unreachable: true }

/** What a service answers with: 401 for the token, 403 for the permission, 503 when the gate cannot know. */
export interface GateVerdict {
  readonly allowed: boolean
  readonly status: 200 | 401 | 403 | 503
  /** The id of the user, of an accepted token. */
  readonly subject?: string
  readonly session?: string
  /** Code names of the roles that hold now. */
  readonly roles?: readonly string[]
  readonly isSuperuser?: boolean
  readonly because: readonly VerdictReason[]
}

export const refused = (status: 401 | 403 | 503, reason: VerdictReason): GateVerdict => ({
  allowed: false,
  status,
  because: [reason],
})

/** The verdict about an accepted token. Its reasons are looked up when they are asked for. */
export class Decided implements GateVerdict {
  readonly allowed: boolean
  readonly status: 200 | 403
  readonly subject: string
  readonly session: string
  readonly roles: readonly string[]
  readonly isSuperuser: boolean
  readonly #decide: () => Decision

  constructor(
    gate: Gate,
    { claims, grants }: Extract<ReturnType<Gate['authenticate']>, { readonly ok: true }>,
    resource: string,
    action: string,
  ) {
    this.allowed = gate.allows(grants, resource, action)
    this.status = this.allowed ? 200 : 403
    this.subject = claims.sub
    this.session = claims.sid
    this.roles = grants.roles
    this.isSuperuser = grants.isSuperuser
    this.#decide = () => gate.decide(grants, resource, action)
  }

  get because(): readonly Reason[] {
    return this.#decide().because
  }
}
