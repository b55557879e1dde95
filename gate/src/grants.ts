import type { Bits } from './permission-index.ts'
import type { RoleRegistry } from './role-registry.ts'
import { type Acr, levelOf } from './step-up.ts'

/** What a subject has, whatever the source: a token, the ledger or a database row. */
export interface Grants {
  /** Code names of roles. Frozen lists are recognised again without being read. */
  readonly roles: readonly string[]
  /** The same roles by their ids, where they are known: to be given to `grantsOf` when it is asked again later. */
  readonly roleIds?: readonly number[]
  readonly isSuperuser: boolean
  /** The level of the session that they are for, the lowest unless given: some roles hold in a session of `aal2` only (ADR 49). */
  readonly acr?: Acr
}

/** Grants that the gate gives out with a token. They remember what their roles permit until a role changes. */
export class CachedGrants implements Grants {
  readonly roles: readonly string[]
  readonly roleIds?: readonly number[]
  readonly isSuperuser: boolean
  readonly acr: Acr
  #bits: Bits | undefined
  #registry: RoleRegistry | undefined
  #version = 0

  constructor({ roles, roleIds, isSuperuser, acr }: Grants) {
    this.roles = roles
    if (roleIds !== undefined) this.roleIds = roleIds
    this.isSuperuser = isSuperuser
    this.acr = levelOf(acr)
    Object.freeze(this)
  }

  /** INVARIANT: the remembered bits are of this registry, and of its present `version`. */
  bitsIn(registry: RoleRegistry): Bits {
    if (this.#bits === undefined || this.#version !== registry.version || this.#registry !== registry) {
      this.#bits = registry.sets.of(this.roles, this.acr).bits
      this.#version = registry.version
      this.#registry = registry
    }
    return this.#bits
  }
}

export const bitsOf = (registry: RoleRegistry, grants: Grants): Bits =>
  grants instanceof CachedGrants ? grants.bitsIn(registry) : registry.sets.of(grants.roles, grants.acr).bits
