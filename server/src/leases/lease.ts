import type { Clock, EpochMs, Random, Transact } from '../kernel/index.ts'
import type { LeaseName, LeaseStore } from './lease-store.sql.ts'

interface Deps {
  readonly transaction: Transact<{ readonly leases: LeaseStore }>
  readonly clock: Clock
  readonly random: Random
}

/**
 * This process's claim on work that one of all nodes does. Each has a holder id of its own: no other caller can renew it
 * or give it back.
 *
 * INVARIANT: what is done under a lease is safe when two nodes do it at once. A holder may be paused past its time
 * and go on without knowing, and clocks differ; the lease saves work and replaces no guard.
 */
export class LeaderLease {
  readonly #name: LeaseName
  readonly #lengthMs: number
  readonly #deps: Deps
  readonly #holder: string
  #heldUntilMs: EpochMs = Number.NEGATIVE_INFINITY

  constructor(name: LeaseName, lengthMs: number, deps: Deps) {
    this.#name = name
    this.#lengthMs = lengthMs
    this.#deps = deps
    this.#holder = deps.random.uuid()
  }

  /** Takes it, or renews it; true when this node has it now. Refuses with `unavailable` when the database is away. */
  async hold(): Promise<boolean> {
    const { transaction, clock } = this.#deps
    const nowMs = clock.nowMs()
    const isHolder = await transaction(({ leases }) =>
      leases.take(this.#name, this.#holder, { nowMs, lengthMs: this.#lengthMs }),
    )
    this.#heldUntilMs = isHolder ? nowMs + this.#lengthMs : Number.NEGATIVE_INFINITY
    return isHolder
  }

  /** Whether the lease is still held, by this node's own clock. Does not read the database. */
  isHeld(): boolean {
    return this.#deps.clock.nowMs() < this.#heldUntilMs
  }

  /** Lets the next who asks have it at once, instead of when it has run out. Does nothing when it is not held. */
  async release(): Promise<void> {
    if (this.#heldUntilMs === Number.NEGATIVE_INFINITY) return
    this.#heldUntilMs = Number.NEGATIVE_INFINITY
    await this.#deps.transaction(({ leases }) => leases.release(this.#name, this.#holder))
  }
}
