import type { Clock, EpochMs, Random, Transact } from '../kernel/index.ts'
import type { LeaseName, LeaseStore } from './lease-store.sql.ts'

interface Deps {
  readonly transaction: Transact<{ readonly leases: LeaseStore }>
  readonly clock: Clock
  readonly random: Random
}

/**
 * This process's claim on work that one of all nodes does.
 *
 * INVARIANT: what is done under a lease is safe when two nodes do it at once. A holder may be paused past its time
 * and go on without knowing, and clocks differ; the lease saves work and replaces no guard.
 */
export interface LeaderLease {
  /** Takes it, or renews it; true when this node has it now. Refuses with `unavailable` when the database is away. */
  hold(): Promise<boolean>
  /** Whether the lease is still held, by this node's own clock. Does not read the database. */
  isHeld(): boolean
  /** Lets the next who asks have it at once, instead of when it has run out. Does nothing when it is not held. */
  release(): Promise<void>
}

/** A lease with a holder id of its own: no other caller can renew it or give it back. */
export function createLeaderLease(
  name: LeaseName,
  lengthMs: number,
  { transaction, clock, random }: Deps,
): LeaderLease {
  const holder = random.uuid()
  let heldUntilMs: EpochMs = Number.NEGATIVE_INFINITY
  return {
    async hold() {
      const nowMs = clock.nowMs()
      const isHolder = await transaction(({ leases }) => leases.take(name, holder, { nowMs, lengthMs }))
      heldUntilMs = isHolder ? nowMs + lengthMs : Number.NEGATIVE_INFINITY
      return isHolder
    },
    isHeld: () => clock.nowMs() < heldUntilMs,
    async release() {
      if (heldUntilMs === Number.NEGATIVE_INFINITY) return
      heldUntilMs = Number.NEGATIVE_INFINITY
      await transaction(({ leases }) => leases.release(name, holder))
    },
  }
}
