import type { Bits } from './bits.ts'
import type { RoleBook } from './role-book.ts'
import type { Standing } from './standing.ts'

/** A standing that the gate gives out with a token: it keeps what its roles permit until a role changes. */
export class HeldStanding implements Standing {
  readonly roles: readonly string[]
  readonly roleIds?: readonly number[]
  readonly isSuperuser: boolean
  #bits: Bits | undefined
  #book: RoleBook | undefined
  #edition = 0

  constructor({ roles, roleIds, isSuperuser }: Standing) {
    this.roles = roles
    if (roleIds !== undefined) this.roleIds = roleIds
    this.isSuperuser = isSuperuser
    Object.freeze(this)
  }

  /** INVARIANT: the cached standing is of this role book, and of its present `edition`. */
  bitsIn(book: RoleBook): Bits {
    if (this.#bits === undefined || this.#edition !== book.edition || this.#book !== book) {
      this.#bits = book.sets.of(this.roles).bits
      this.#edition = book.edition
      this.#book = book
    }
    return this.#bits
  }
}

export const bitsOf = (book: RoleBook, standing: Standing): Bits =>
  standing instanceof HeldStanding ? standing.bitsIn(book) : book.sets.of(standing.roles).bits
