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

interface GateState {
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

/** Throws, and gives no state at all, when any part of the snapshot is wrong. */
export function stateOf(snapshot: Snapshot, importKey: ImportKey): GateState {
  const state = emptyState(importKey)
  for (const key of snapshot.keys) state.keys.publish(key)
  for (const role of snapshot.roles) state.roles.define(role)
  for (const entry of snapshot.catalogue) state.catalogue.define(entry)
  // In any order: of each subject the row with the highest id wins (ADR 28).
  for (const change of snapshot.changes) applyChange(state, change)
  for (const ended of snapshot.endedSessions ?? []) state.revocations.endSessions(ended)
  return state
}

/** Throws a TypeError, and changes nothing, for a change that it does not understand. */
export function applyChange(state: GateState, change: Change): void {
  checkChange(change)
  if (change.kind === 'role_permissions') state.roles.apply(change)
  else if (change.kind === 'catalogue_entry') state.catalogue.apply(change)
  else if (change.kind === 'key_published' || change.kind === 'key_retired') state.keys.apply(change)
  else state.revocations.apply(change)
}

export const snapshotOf = ({ keys, revocations, roles, catalogue }: GateState): Snapshot => ({
  keys: keys.keys(),
  roles: roles.roles(),
  catalogue: catalogue.entries(),
  endedSessions: revocations.endedSessions(),
  changes: [...revocations.changes(), ...roles.changes(), ...catalogue.changes(), ...keys.changes()].sort(
    byId,
  ),
})

export function forgetExpired({ keys, revocations, roles, catalogue }: GateState, nowMs: number): void {
  keys.forget(nowMs)
  revocations.forget(nowMs)
  roles.forget(nowMs)
  catalogue.forget(nowMs)
}

const byId = (left: Change, right: Change): number => left.id - right.id
