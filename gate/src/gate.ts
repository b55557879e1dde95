import type { AccessClaims } from './access-claims.ts'
import type { CatalogueEntry } from './catalogue.ts'
import type { Change } from './change.ts'
import { type Decision, decide, everyAction, missingFrom } from './decision.ts'
import {
  applyChange,
  captureOf,
  emptyState,
  forgetExpired,
  makeState,
  type Snapshot,
  type SnapshotLists,
  snapshotOf,
} from './gate-state.ts'
import { bitsOf, CachedGrants, type Grants } from './grants.ts'
import { hasBit, type IndexedPermission } from './permission-index.ts'
import type { ImportKey } from './published-key.ts'
import { maxTokenLength, type TokenRejection } from './read-signed-token.ts'
import { levelOf } from './step-up.ts'
import {
  type Authenticated,
  createRememberedTokens,
  type RememberedToken,
  verifyToken,
} from './verify-token.ts'

/** The answer of `verify`, about the token by itself. */
export type Verdict =
  | { readonly ok: true; readonly claims: AccessClaims }
  | { readonly ok: false; readonly rejection: TokenRejection }

/** The answer of `authenticate`: whether the request may go on, and what its bearer has now. */
export type Authentication = Authenticated | { readonly ok: false; readonly rejection: TokenRejection }

export interface GateOptions {
  /** The `iss` of every accepted token. */
  readonly issuer: string
  /** The `aud` of every accepted token. */
  readonly audience: string
  /** A token with a longer life between `iat` and `exp` is refused, so no change need be remembered for longer. */
  readonly maxTokenLifeSeconds: number
  /** How long the gate may go without a sync with the ledger before `authenticate` rejects. */
  readonly staleAfterMs: number
  /** The signature primitive, synchronous. */
  readonly importKey: ImportKey
  /** How many verified tokens are cached, about 2 KB each; 10,000 by default, 0 for none. */
  readonly rememberedTokens?: number
}

/**
 * May this token do this action on this resource? Answers from memory: the published keys, what roles permit, and
 * the changes received. Nothing in it waits, and no text of a caller makes it throw.
 *
 * It knows two kinds of time, and reads neither itself: `nowMs` is the wall clock in milliseconds since 1970, for what
 * tokens and rows say; `tickMs` is a monotonic clock in milliseconds, such as `performance.now()`, for how long ago the
 * ledger was last read.
 */
export interface Gate {
  /** The token by itself: form, signature, claims and times. Says nothing about whether its session still lives. */
  verify(token: string, nowMs: number): Verdict
  /** Whether the session lives, by the ledger alone: says nothing about `exp`, nor whether the ledger is fresh. */
  alive(claims: Pick<AccessClaims, 'sid' | 'userId' | 'startedAtMs'>, nowMs: number): boolean
  /**
   * All that must hold before a request goes on: `verify`, then `alive`, then `isFresh`. The one to use. A token seen
   * before costs a look-up and, until the next change is received, three comparisons: with its end and its key's, with the
   * changes received since it was checked, and with the age of the last sync.
   */
  authenticate(token: string, nowMs: number, tickMs: number): Authentication
  /**
   * The roles that hold now, under the names that they have now: those that the ledger said last, or the token's own, as
   * far as there still are such roles; and the level of the session, by the token.
   */
  grantsOf(claims: Pick<AccessClaims, 'userId' | 'roles' | 'roleIds' | 'superuser' | 'iat' | 'acr'>): Grants
  /**
   * True when the resource and the action exist, and the grants are a superuser's or one of their roles has
   * `resource:action` or `resource:all` and asks for no higher level than they are of. What the catalogue does not hold is denied to every user. Denies by default.
   */
  allows(grants: Grants, resource: string, action: string): boolean
  /** The answer of `allows` with every reason for it. */
  decide(grants: Grants, resource: string, action: string): Decision
  /** Sorted, as the roles hold them (`resource:all` is not spelled out). For a superuser: all that any role holds. */
  permissionsOf(grants: Grants): readonly string[]
  /** The first of `permissions` (`resource:action`) that the grants do not allow, or `undefined`. */
  missingFrom(grants: Grants, permissions: readonly string[]): string | undefined
  /** Every resource and every action that it knows, in no order. */
  catalogue(): readonly CatalogueEntry[]
  /**
   * Takes one row of the ledger. Rows may come twice and in any order: an older one never undoes a newer one of the
   * same role, user, key or entry of the catalogue. Throws a TypeError, and changes nothing, for a row that it does not understand.
   */
  apply(change: Change): void
  /** Replaces the whole state. Throws, and changes nothing, when a part is wrong. Does not count as a sync. */
  load(snapshot: Snapshot): void
  /**
   * The same in slices of some milliseconds, one for each step of the iteration: for a snapshot of many megabytes. It answers
   * by the old state until the last step. Whatever is applied between two steps is lost.
   */
  loadInSlices(snapshot: Snapshot): Iterable<void>
  /** What another gate loads to answer the same. */
  snapshot(): Snapshot
  /** The same as it is now, to be read later and slice by slice. Each list can be read once. */
  capture(): SnapshotLists
  /**
   * Drops expired changes, keys and remembered tokens, which changes no answer. Call it once a minute or so: it bounds the
   * memory, and walks through all of it.
   */
  forget(nowMs: number): void
  /** The ledger was read to its end by a reading that began at `tickMs`. */
  markSynced(tickMs: number): void
  /** Whether the last reading began at most `staleAfterMs` ago. If not, every answer may be out of date: say 503. */
  isFresh(tickMs: number): boolean
}

const defaultRememberedTokens = 10_000

/**
 * A gate without keys and without any change: it rejects every token until `load` and `markSynced`. Throws a TypeError for
 * wrong options.
 */
export function createGate(options: GateOptions): Gate {
  const {
    importKey,
    staleAfterMs,
    rememberedTokens = defaultRememberedTokens,
    ...expected
  } = checkOptions(options)
  const remembered = createRememberedTokens(rememberedTokens)
  let lastSyncAtMs = Number.NEGATIVE_INFINITY
  let state = emptyState(importKey)
  /** INVARIANT: another number after each change of the state, so that an older result is checked again. */
  let version = 0

  /**
   * Instants are readings of a monotonic clock: a step of the wall clock must make no old reading new and no new one old.
   * A clock that goes back is not monotonic, so the distance counts in both directions. With NaN the comparison is false.
   */
  const isFresh = (tickMs: number): boolean => Math.abs(tickMs - lastSyncAtMs) <= staleAfterMs

  function recall(token: string): RememberedToken | undefined {
    return token.length > maxTokenLength ? undefined : remembered.find(token)
  }

  function check(
    token: string,
    known: RememberedToken | undefined,
    nowMs: number,
    tickMs: number,
  ): Authentication {
    const verified = known ?? verifyToken(token, state.keys, expected, nowMs)
    if (typeof verified === 'string') return rejected(verified)
    const { claims, ringKey } = verified
    const cached = known ?? remembered.remember(token, verified)
    if (claims.expiresAtMs <= nowMs) return rejected('expired')
    if (ringKey.goodUntilMs <= nowMs) return rejected('unknown_key')
    if (!alive(claims, nowMs)) return rejected('ended')
    // Without knowledge there is no pass (ADR 2).
    if (!isFresh(tickMs)) return rejected('stale')
    cached.authenticated = Object.freeze({ ok: true, claims, grants: new CachedGrants(grantsOf(claims)) })
    cached.version = version
    cached.goodUntilMs = Math.min(claims.expiresAtMs, ringKey.goodUntilMs)
    return cached.authenticated
  }

  function alive(claims: Pick<AccessClaims, 'sid' | 'userId' | 'startedAtMs'>, nowMs: number): boolean {
    return state.revocations.isAlive(claims, nowMs)
  }

  const grantsOf: Gate['grantsOf'] = ({ userId, roles, roleIds, superuser, iat, acr: presented }) => {
    const acr = levelOf(presented)
    const newer = state.revocations.grantsOf(userId)
    if (newer !== undefined) return { ...newer, roles: state.roles.namesOf(newer.roleIds), acr }
    const isSuperuser = superuser === true
    if (roleIds !== undefined) return { roles: state.roles.namesOf(roleIds), roleIds, isSuperuser, acr }
    return { roles: state.revocations.rolesMeant(roles, iat), isSuperuser, acr }
  }

  /** As `decide` decides, by bits: every request asks this. decision.test.ts compares the two. */
  function allows(grants: Grants, resource: string, action: string): boolean {
    const { roles, catalogue } = state
    if (grants.isSuperuser) return catalogue.knows(resource, action)
    const bits = bitsOf(roles, grants)
    const exact = roles.index.find(resource, action)
    if (exact !== undefined && hasBit(bits, exact.bit)) return isKnown(exact, resource, action)
    const wide = roles.index.find(resource, everyAction)
    return wide !== undefined && hasBit(bits, wide.bit) && catalogue.knows(resource, action)
  }

  /** Looked up once at each version of the state. */
  function isKnown(found: IndexedPermission, resource: string, action: string): boolean {
    if (found.knownAtVersion !== version) {
      found.isKnown = state.catalogue.knows(resource, action)
      found.knownAtVersion = version
    }
    return found.isKnown
  }

  function* loadInSlices(snapshot: Snapshot): Generator<void> {
    state = yield* makeState(snapshot, importKey)
    version += 1
    remembered.clear()
  }

  return {
    verify(token, nowMs) {
      const verified = verifyToken(token, state.keys, expected, nowMs)
      return typeof verified === 'string' ? rejected(verified) : { ok: true, claims: verified.claims }
    },
    alive,
    authenticate(token, nowMs, tickMs) {
      const known = recall(token)
      if (
        known?.authenticated !== undefined &&
        known.version === version &&
        known.goodUntilMs > nowMs &&
        isFresh(tickMs)
      ) {
        return known.authenticated
      }
      return check(token, known, nowMs, tickMs)
    },
    grantsOf,
    allows,
    decide({ roles, isSuperuser, acr = 'aal1' }, resource, action) {
      const facts = { has: state.catalogue.has, holds: state.roles.holds, acrOf: state.roles.acrOf }
      return decide(facts, { roles, isSuperuser, acr }, resource, action)
    },
    permissionsOf: ({ roles, isSuperuser, acr }) =>
      isSuperuser ? state.roles.knownPermissions() : state.roles.sets.of(roles, acr).permissions,
    missingFrom: (grants, permissions) =>
      missingFrom((resource, action) => allows(grants, resource, action), permissions),
    catalogue: () => state.catalogue.entries(),
    apply(change) {
      version += 1
      applyChange(state, change)
    },
    load(snapshot) {
      for (const _ of loadInSlices(snapshot)) {
        // At once.
      }
    },
    loadInSlices,
    snapshot: () => snapshotOf(state),
    capture: () => captureOf(state),
    forget(nowMs) {
      forgetExpired(state, nowMs)
      remembered.forget(nowMs)
    },
    markSynced(tickMs) {
      lastSyncAtMs = tickMs
    },
    isFresh,
  }
}

const rejected = (rejection: TokenRejection): { readonly ok: false; readonly rejection: TokenRejection } => ({
  ok: false,
  rejection,
})

/** Throws a TypeError for an option that would make the gate check less than it promises. */
function checkOptions(options: GateOptions): GateOptions {
  const { issuer, audience, maxTokenLifeSeconds, staleAfterMs, importKey, rememberedTokens = 0 } = options
  requireText('issuer', issuer)
  requireText('audience', audience)
  requireNumber('maxTokenLifeSeconds', maxTokenLifeSeconds, 1)
  requireNumber('staleAfterMs', staleAfterMs, 1)
  requireNumber('rememberedTokens', rememberedTokens, 0)
  if (typeof importKey !== 'function') throw new TypeError('importKey is missing: give a function')
  return options
}

function requireText(name: string, value: unknown): void {
  if (typeof value !== 'string' || value === '')
    throw new TypeError(`${name} is empty: a gate that checks none is open`)
}

function requireNumber(name: string, value: unknown, least: number): void {
  if (!Number.isSafeInteger(value) || (value as number) < least) {
    throw new TypeError(`${name} is ${String(value)}: give a whole number from ${least} up`)
  }
}
