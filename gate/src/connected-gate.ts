import type { AuthenticationRequirement } from './step-up.ts'
import type { GateVerdict } from './verdict.ts'

/**
 * `starting`: it has not known anything yet. `live`: it knows what the server knew `staleAfterMs` ago or less. `stale`: it
 * does not, and refuses; it goes back to `live` by itself. `closed`: it was closed.
 */
export type GateConnectionState = 'starting' | 'live' | 'stale' | 'closed'

export interface GateEvent {
  readonly state: GateConnectionState
  readonly error?: unknown
}

/** Why a gate refuses. */
export interface Outage {
  /** When the server last vouched for what the gate knows, by the server's clock; undefined where it knows nothing. */
  readonly knownAt: Date | undefined
  /** What ended the last connection, or kept it from being made; undefined where the server only is silent. */
  readonly error: unknown
}

export interface ConnectedGate {
  /**
   * Whether the bearer of this access token may do the action on the resource. At once for a token that it has seen before, and
   * in Node for any other; elsewhere that is a promise: `await` both. Never rejects.
   *
   * `stepUp`: how strongly and how recently the bearer must have proved who is there. Less than that is a 401, as is an act that
   * only a role allows which asks for a higher level; its reason `stepUp` says what would be enough.
   */
  check(
    token: string,
    resource: string,
    action: string,
    stepUp?: AuthenticationRequirement,
  ): GateVerdict | Promise<GateVerdict>
  readonly state: GateConnectionState
  /**
   * How old its knowledge is, in ms: the time since the server began the reading of its database that the last beat told of.
   * Never younger than it is, whatever held the beat up on its way. `Infinity` before the first one.
   */
  readonly ageMs: number
  /** For logs and for probes: undefined while it is live, and once it is closed. */
  readonly outage: Outage | undefined
  /** The address of the server, without a slash at its end. */
  readonly issuer: string
  /** Ends the connection. Every check after it is a 503. */
  close(): void
}
