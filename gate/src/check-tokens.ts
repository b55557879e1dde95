import type { AccessClaims } from './access-claims.ts'
import type { Gate } from './gate.ts'
import type { TokenRejection } from './read-signed-token.ts'
import { type Asked, type CheckedWith, decided, type GateVerdict, refused } from './verdict.ts'
import type { ProvedSignatures } from './web-signatures.ts'

/** What a gate that has not heard for a while must not hold against a token: the server may have another key or setting now. */
const mayBeNews: ReadonlySet<TokenRejection> = new Set(['unknown_key', 'wrong_audience', 'too_long_lived'])

/** What tokens are checked by at this moment; another one after each change of issuer or audience. */
export interface CheckedBy {
  readonly gate: Gate
  readonly signatures: ProvedSignatures
}

/**
 * Checks tokens of callers by a gate whose signatures are proved: at once for a token that was seen before, or in Node. `current`
 * is undefined while nothing may be answered. `nowMs` is the clock of the issuer.
 */
export class TokenChecks {
  readonly #current: () => CheckedBy | undefined
  readonly #nowMs: () => number

  constructor(current: () => CheckedBy | undefined, nowMs: () => number) {
    this.#current = current
    this.#nowMs = nowMs
  }

  check(token: string, asked: Asked): GateVerdict | Promise<GateVerdict> {
    const verdict = this.#decide(token, asked)
    if (verdict !== 'not proved') return verdict
    if (this.#current()?.signatures.areImmediate) return refused(401, { token: 'wrong_signature' })
    return this.#prove(token, asked)
  }

  async #prove(token: string, asked: Asked): Promise<GateVerdict> {
    const verdict = await this.#current()?.signatures.withProof(token, () => this.#decide(token, asked))
    return verdict === undefined || verdict === 'not proved'
      ? refused(401, { token: 'wrong_signature' })
      : verdict
  }

  #decide(token: string, asked: Asked): GateVerdict | 'not proved' {
    const gate = this.#current()?.gate
    if (gate === undefined) return refused(503, { token: 'stale' })
    const tickMs = performance.now()
    const nowMs = this.#nowMs()
    const authentication = gate.authenticate(token, nowMs, tickMs)
    if (authentication.ok) {
      const mayNow: CheckedWith['mayNow'] = (claims, question) =>
        this.#mayNow({ gate, token, claims }, question)
      return decided(gate, authentication, asked, { mayNow, nowMs })
    }
    const { rejection } = authentication
    if (rejection === 'wrong_signature') return 'not proved'
    const isUnsure = rejection === 'stale' || (mayBeNews.has(rejection) && !gate.isFresh(tickMs))
    return isUnsure ? refused(503, { token: 'stale' }) : refused(401, { token: rejection })
  }

  /** Of a token that only the server has accepted: it is known here once it has been checked here. */
  mayIfKnown(token: string, asked: Asked): boolean {
    const gate = this.#current()?.gate
    return gate !== undefined && this.#mayNow({ gate, token }, asked)
  }

  /** The roles that a token names; of one that holds their ids alone, the names that the gate heard last. */
  rolesIfKnown(claims: Parameters<Gate['grantsOf']>[0]): readonly string[] {
    if (claims.roles.length > 0) return claims.roles
    return this.#current()?.gate.grantsOf(claims).roles ?? []
  }

  #mayNow({ gate, token, claims }: Accepted, { resource, action }: Asked): boolean {
    // Another gate is of another issuer or audience: the token is not for it.
    if (this.#current()?.gate !== gate) return false
    const [nowMs, tickMs] = [this.#nowMs(), performance.now()]
    const again = gate.authenticate(token, nowMs, tickMs)
    if (again.ok) return gate.allows(again.grants, resource, action)
    // The text was proved before, under a key that is still accepted: the gate only does not remember it any more.
    if (again.rejection !== 'wrong_signature' || claims === undefined) return false
    const isGood = claims.expiresAtMs > nowMs && gate.isFresh(tickMs) && gate.alive(claims, nowMs)
    return isGood && gate.allows(gate.grantsOf(claims), resource, action)
  }
}

interface Accepted {
  readonly gate: Gate
  readonly token: string
  readonly claims?: AccessClaims
}
