import type { ClientInfo, Clock, PermissionName, Principal, Random, Rejection } from '../kernel/index.ts'
import type { Log } from './log.ts'
import type { Gauges } from './metrics.ts'
import type { ServerLimits } from './node-server.ts'

/** What a route asks of its caller, and what is asserted again in each transaction. */
export interface Asked {
  readonly permissions: readonly PermissionName[]
  /** Whether a second factor is asked for where the account has one. */
  readonly isSteppedUp: boolean
}

/** What the modules answer about a caller. Given by compose, so that http/ knows none of them. */
export interface RequestGuard {
  /**
   * Who holds the token of this `Authorization` value, whose scheme is Bearer and whose token is not empty.
   * Throws a Rejection: `invalid_token`, or `unavailable` when this node cannot know.
   */
  authenticate(authorization: string): Promise<Principal> | Principal
  permits(principal: Principal, resource: string, action: string): boolean
  /**
   * Why a caller is refused whom `permits` does not allow it: `insufficient_user_authentication` where only a role that asks for
   * a second factor would (ADR 49), and `permission_denied` otherwise.
   */
  refusalOf(principal: Principal, resource: string, action: string): Rejection
  /**
   * The outcome of work for a caller who was admitted; refuses with `unavailable` as soon as this node can no longer
   * know whether the caller would still be, however long the work itself goes on waiting.
   */
  whileSure<T>(work: Promise<T>): Promise<T>
  /**
   * Runs a handler for a caller who was let in: each transaction in it asserts that the caller still may act as it was
   * asked.
   */
  actAs<T>(principal: Principal, asked: Asked, work: () => T): T
  /**
   * Rejects with `insufficient_user_authentication` a member of the staff who did not show a second factor, where the
   * settings ask for it. Undefined where nothing has to be waited for.
   */
  assertStaffFactor(principal: Principal): Promise<void> | undefined
  /**
   * Rejects with `insufficient_user_authentication` a caller who did not prove who is there within `maxAgeSeconds`, or
   * not with a second factor though the account has one.
   */
  assertStepUp(principal: Principal, stepUp: { readonly maxAgeSeconds: number }): Promise<void>
  /**
   * Told of every `permission_denied` that a caller is answered with, for the audit: a route's permission that is
   * missing, or a rule that a use case upholds. The rejection stands whether or not this succeeds.
   */
  denied(
    principal: Principal,
    rejection: Rejection,
    origin: ClientInfo,
    at: { method: string; path: string },
  ): Promise<void>
}

interface Readiness {
  readonly ready: boolean
  /** `ok`, or the fault in a few words without any secret: every caller may see them. */
  readonly checks: Readonly<Record<string, string>>
}

export interface HttpDeps {
  /** How long a client may keep the server waiting; the defaults of node-server.ts unless given. */
  readonly limits?: ServerLimits
  readonly guard: RequestGuard
  readonly log: Log
  /** Addresses and subnets whose X-Forwarded-For is believed. Never `true`: that would believe every client. */
  readonly trustProxy: readonly string[] | false
  /** Exact origins that a browser may call from; none means that no CORS header is ever sent. */
  readonly corsOrigins: readonly string[]
  readonly docs: 'on' | 'off' | 'staff'
  readonly isStaff: (principal: Principal) => Promise<boolean> | boolean
  readonly metrics: 'loopback' | 'on' | 'off'
  /** What the metrics show beside requests and the process. */
  readonly gauges?: Gauges
  readonly publicUrl: string
  readonly version: string
  readonly random: Random
  readonly clock: Clock
  readonly jwks: () => unknown
  readonly readiness: () => Promise<Readiness>
  /** Where the files of Swagger UI lie (a folder), and the bundle of ReDoc. */
  readonly documentFiles: { readonly swagger: string; readonly redoc: string }
  /** Where the built console lies, or would lie; without it there is none. */
  readonly pagesDirectory?: string
  /** What each tag of the documents is about, in the order in which they are shown. */
  readonly tags?: Readonly<Record<string, string>>
}
