import type { AccessClaims } from './access-claims.ts'
import { hasBit } from './bits.ts'
import type { CatalogueEntry } from './catalogue.ts'
import type { Change } from './change.ts'
import { type Decision, decide, everyAction, missingFrom } from './decision.ts'
import { createFreshness } from './freshness.ts'
import { checkOptions, type GateOptions } from './gate-options.ts'
import { applyChange, emptyState, forgetExpired, type Snapshot, snapshotOf, stateOf } from './gate-state.ts'
import { bitsOf, HeldStanding } from './held-standing.ts'
import type { IndexedPermission } from './permission-index.ts'
import { type Admitted, createRememberedTokens, type RememberedToken } from './remembered-tokens.ts'
import type { Standing } from './standing.ts'
import type { TokenFault } from './token-fault.ts'
import { maxTokenLength } from './token-form.ts'
import { verifyToken } from './verify-token.ts'

/** What `verify` says: about the token by itself. */
export type Verdict =
  | { readonly ok: true; readonly claims: AccessClaims }
  | { readonly ok: false; readonly fault: TokenFault }

/** What `admit` says: may its bearer go on, and what the bearer has now. */
export type Admission = Admitted | { readonly ok: false; readonly fault: TokenFault }

/**
 * May this token do this action on this resource? Answers from memory: the published keys, what roles permit, and
 * the changes heard. Nothing in it waits, and no text of a caller makes it throw.
 *
 * It knows two kinds of time, and reads neither itself: `nowMs` is the wall clock in milliseconds since 1970, for what
 * tokens and rows say; `tickMs` is a monotonic clock in milliseconds, such as `performance.now()`, for how long ago the
 * ledger was heard.
 */
export interface Gate {
  /** The token by itself: form, signature, claims and times. Says nothing about whether its session still lives. */
  verify(token: string, nowMs: number): Verdict
  /** Whether the session lives, by the ledger alone: says nothing about `exp`, nor whether the ledger is fresh. */
  alive(claims: Pick<AccessClaims, 'sid' | 'userId' | 'startedAtMs'>, nowMs: number): boolean
  /**
   * All that must hold before a request goes on: `verify`, then `alive`, then `isFresh`. The one to use. A token seen
   * before costs a look-up and, until the next change is heard, three comparisons: with its end and its key's, with the
   * changes heard since it was checked, and with the age of the last sync.
   */
  admit(token: string, nowMs: number, tickMs: number): Admission
  /**
   * The roles that hold now, under the names that they have now: those that the ledger told last, or the token's own, as
   * far as there still are such roles.
   */
  standingOf(claims: Pick<AccessClaims, 'userId' | 'roles' | 'roleIds' | 'superuser' | 'iat'>): Standing
  /**
   * True when the resource and the action exist, and the standing is a superuser's or one of its roles has
   * `resource:action` or `resource:all`. What the catalogue does not hold is denied to every user. Denies by default.
   */
  allows(standing: Standing, resource: string, action: string): boolean
  /** The answer of `allows` with every reason for it. */
  decide(standing: Standing, resource: string, action: string): Decision
  /** Sorted, as the roles hold them (`resource:all` is not spelled out). For a superuser: all that any role holds. */
  permissionsOf(standing: Standing): readonly string[]
  /** The first of `permissions` (`resource:action`) that the standing is not allowed, or `undefined`. */
  missingFrom(standing: Standing, permissions: readonly string[]): string | undefined
  /** Every resource and every action that it knows, in no order. */
  catalogue(): readonly CatalogueEntry[]
  /**
   * Takes one row of the ledger. Rows may come twice and in any order: an older one never undoes a newer one of the
   * same role, user, key or entry of the catalogue. Throws a TypeError, and changes nothing, for a row that it does not understand.
   */
  apply(change: Change): void
  /** Replaces the whole state. Throws, and changes nothing, when a part is wrong. Does not count as a sync. */
  load(snapshot: Snapshot): void
  /** What another gate loads to answer the same. */
  snapshot(): Snapshot
  /**
   * Drops expired changes, keys and remembered tokens, which changes no answer. Call it once a minute or so: it bounds the
   * memory, and walks through all of it.
   */
  forget(nowMs: number): void
  /** The ledger was read to its end by a reading that began at `tickMs`. */
  heard(tickMs: number): void
  /** Whether the last reading began at most `silenceBoundMs` ago. If not, every answer may be out of date: say 503. */
  isFresh(tickMs: number): boolean
}

const defaultRememberedTokens = 10_000

/**
 * A gate without keys and without any change: it refuses every token until `load` and `heard`. Throws a TypeError for
 * wrong options.
 */
export function createGate(options: GateOptions): Gate {
  const {
    importKey,
    silenceBoundMs,
    rememberedTokens = defaultRememberedTokens,
    ...expected
  } = checkOptions(options)
  const remembered = createRememberedTokens(rememberedTokens)
  const freshness = createFreshness(silenceBoundMs)
  let state = emptyState(importKey)
  /** INVARIANT: another number after each change of the state, so that an older admission is checked again. */
  let generation = 0

  function recall(token: string): RememberedToken | undefined {
    return token.length > maxTokenLength ? undefined : remembered.find(token)
  }

  function judge(
    token: string,
    known: RememberedToken | undefined,
    nowMs: number,
    tickMs: number,
  ): Admission {
    const verified = known ?? verifyToken(token, state.keys, expected, nowMs)
    if (typeof verified === 'string') return refused(verified)
    const { claims, ringKey } = verified
    const kept = known ?? remembered.remember(token, verified)
    if (claims.expiresAtMs <= nowMs) return refused('expired')
    if (ringKey.goodUntilMs <= nowMs) return refused('unknown_key')
    if (!alive(claims, nowMs)) return refused('ended')
    if (!freshness.isFresh(tickMs)) return refused('stale')
    kept.admitted = Object.freeze({ ok: true, claims, standing: new HeldStanding(standingOf(claims)) })
    kept.generation = generation
    kept.goodUntilMs = Math.min(claims.expiresAtMs, ringKey.goodUntilMs)
    return kept.admitted
  }

  function alive(claims: Pick<AccessClaims, 'sid' | 'userId' | 'startedAtMs'>, nowMs: number): boolean {
    return state.presence.isAlive(claims, nowMs)
  }

  const standingOf: Gate['standingOf'] = ({ userId, roles, roleIds, superuser, iat }) => {
    const told = state.presence.grantsOf(userId)
    if (told !== undefined) return { ...told, roles: state.roles.namesOf(told.roleIds) }
    const isSuperuser = superuser === true
    if (roleIds !== undefined) return { roles: state.roles.namesOf(roleIds), roleIds, isSuperuser }
    return { roles: state.presence.rolesMeant(roles, iat), isSuperuser }
  }

  /** As `decide` decides, by bits: every request asks this. decision.test.ts compares the two. */
  function allows(standing: Standing, resource: string, action: string): boolean {
    const { roles, catalogue } = state
    if (standing.isSuperuser) return catalogue.knows(resource, action)
    const bits = bitsOf(roles, standing)
    const held = roles.index.find(resource, action)
    if (held !== undefined && hasBit(bits, held.bit)) return isKnown(held, resource, action)
    const wide = roles.index.find(resource, everyAction)
    return wide !== undefined && hasBit(bits, wide.bit) && catalogue.knows(resource, action)
  }

  /** Looked up once in each generation. */
  function isKnown(found: IndexedPermission, resource: string, action: string): boolean {
    if (found.knownInGeneration !== generation) {
      found.isKnown = state.catalogue.knows(resource, action)
      found.knownInGeneration = generation
    }
    return found.isKnown
  }

  return {
    verify(token, nowMs) {
      const verified = verifyToken(token, state.keys, expected, nowMs)
      return typeof verified === 'string' ? refused(verified) : { ok: true, claims: verified.claims }
    },
    alive,
    admit(token, nowMs, tickMs) {
      const known = recall(token)
      if (
        known?.admitted !== undefined &&
        known.generation === generation &&
        known.goodUntilMs > nowMs &&
        freshness.isFresh(tickMs)
      ) {
        return known.admitted
      }
      return judge(token, known, nowMs, tickMs)
    },
    standingOf,
    allows,
    decide({ roles, isSuperuser }, resource, action) {
      const facts = { has: state.catalogue.has, holds: state.roles.holds }
      return decide(facts, { roles, isSuperuser }, resource, action)
    },
    permissionsOf: ({ roles, isSuperuser }) =>
      isSuperuser ? state.roles.knownPermissions() : state.roles.sets.of(roles).permissions,
    missingFrom: (standing, permissions) =>
      missingFrom((resource, action) => allows(standing, resource, action), permissions),
    catalogue: () => state.catalogue.entries(),
    apply(change) {
      generation += 1
      applyChange(state, change)
    },
    load(snapshot) {
      state = stateOf(snapshot, importKey)
      generation += 1
      remembered.clear()
    },
    snapshot: () => snapshotOf(state),
    forget(nowMs) {
      forgetExpired(state, nowMs)
      remembered.forget(nowMs)
    },
    heard: freshness.heard,
    isFresh: freshness.isFresh,
  }
}

const refused = (fault: TokenFault): { readonly ok: false; readonly fault: TokenFault } => ({
  ok: false,
  fault,
})
