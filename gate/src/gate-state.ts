import { type Catalogue, type CatalogueEntry, createCatalogue } from './catalogue.ts'
import { type Change, checkChange } from './change.ts'
import { createKeyRing, type KeyRing } from './key-ring.ts'
import type { ImportKey, PublishedKey } from './published-key.ts'
import { createRevocationList, type EndedSessions, type RevocationList } from './revocation-list.ts'
import { createRoleRegistry, type RoleRegistry, type RoleState } from './role-registry.ts'

export type { CatalogueEntry, EndedSessions, RoleState }

/**
 * All that a gate knows: what a new one loads to give the same answers. Plain JSON. It is a state at one instant, so what
 * it says of a role, a user or a key is newer than every row of the ledger that was committed before, and is replaced by
 * every row that was committed after.
 */
export interface Snapshot {
  readonly keys: readonly PublishedKey[]
  readonly roles: readonly RoleState[]
  /** Every resource and every action that there is. */
  readonly catalogue: readonly CatalogueEntry[]
  /** What happened to users and keys, and has not expired: one change for each of them. Taken in any order. */
  readonly changes: readonly Change[]
  /** A million of them are some forty megabytes. */
  readonly endedSessions?: readonly EndedSessions[]
}

export interface GateState {
  readonly keys: KeyRing
  readonly revocations: RevocationList
  readonly roles: RoleRegistry
  readonly catalogue: Catalogue
}

/** Holds no key: every token is refused until a key is published. */
export const emptyState = (importKey: ImportKey): GateState => ({
  keys: createKeyRing(importKey),
  revocations: createRevocationList(),
  roles: createRoleRegistry(),
  catalogue: createCatalogue(),
})

/** The lists of a snapshot, made while they are read. */
export type SnapshotLists = {
  readonly [Member in keyof Snapshot]-?: Iterable<NonNullable<Snapshot[Member]>[number]>
}

/** So many items are some milliseconds of work. */
const itemsAtATime = 1_000

/**
 * Gives the state of the snapshot in the end, and yields before now and then, so that a caller may let others go on. Throws,
 * and gives no state at all, when any part of the snapshot is wrong.
 */
export function* makeState(snapshot: Snapshot, importKey: ImportKey): Generator<void, GateState> {
  const state = emptyState(importKey)
  const { keys, revocations, roles, catalogue } = state
  yield* each(snapshot.keys, key => keys.publish(key))
  yield* each(snapshot.roles, role => roles.define(role))
  yield* each(snapshot.catalogue, entry => catalogue.define(entry))
  // In any order: of each subject the row with the highest id wins (ADR 28).
  yield* each(snapshot.changes, change => applyChange(state, change))
  for (const ended of snapshot.endedSessions ?? []) {
    revocations.endSessions(ended)
    yield
  }
  return state
}

function* each<Item>(items: readonly Item[], take: (item: Item) => void): Generator<void> {
  for (let from = 0; from < items.length; from += itemsAtATime) {
    for (const item of items.slice(from, from + itemsAtATime)) take(item)
    yield
  }
}

/** Throws a TypeError, and changes nothing, for a change that it does not understand. */
export function applyChange(state: GateState, change: Change): void {
  checkChange(change)
  if (change.kind === 'role_permissions') state.roles.apply(change)
  else if (change.kind === 'catalogue_entry') state.catalogue.apply(change)
  else if (change.kind === 'key_published' || change.kind === 'key_retired') state.keys.apply(change)
  else state.revocations.apply(change)
}

/** The state as it is now: what comes later is in none of the lists, whenever they are read. Each can be read once. */
export function captureOf({ keys, revocations, roles, catalogue }: GateState): SnapshotLists {
  const [ofUsers, ofRoles] = [revocations.capture(), roles.capture()]
  const few = [...ofRoles.changes, ...catalogue.changes(), ...keys.changes()]
  return {
    keys: keys.keys(),
    roles: ofRoles.roles(),
    catalogue: catalogue.entries(),
    endedSessions: ofUsers.endedSessions(),
    changes: (function* () {
      yield* few
      yield* ofUsers.changes()
    })(),
  }
}

export function snapshotOf(state: GateState): Snapshot {
  const { keys, roles, catalogue, endedSessions, changes } = captureOf(state)
  return {
    keys: [...keys],
    roles: [...roles],
    catalogue: [...catalogue],
    endedSessions: [...endedSessions],
    changes: [...changes].sort(byId),
  }
}

export function forgetExpired({ keys, revocations, roles, catalogue }: GateState, nowMs: number): void {
  keys.forget(nowMs)
  revocations.forget(nowMs)
  roles.forget(nowMs)
  catalogue.forget(nowMs)
}

const byId = (left: Change, right: Change): number => left.id - right.id
