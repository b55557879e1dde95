import { type HousekeepingDeps, type HousekeepingFailure, runHousekeeping } from './housekeeping.ts'
import type { LeaderLease } from './leases/index.ts'

const everyMs = 60_000

/**
 * A node takes another's lease when its own clock says that it has run out. Renewed every minute, this one has two
 * minutes left at the least: two renewals may fail, or two clocks differ by so much, and there is still one holder.
 * After a crash the others wait for three minutes, and for as much longer as the clock of the crashed one was ahead.
 * Nothing of housekeeping is more urgent.
 */
export const housekeepingLeaseMs = 180_000

interface NodeDeps extends Omit<HousekeepingDeps, 'goOn'> {
  readonly lease: LeaderLease
  /**
   * Reads the current keys, where another node holds the housekeeping lease: a key that was destroyed there is dropped
   * here.
   */
  readonly reloadKeys: () => Promise<void>
  /** Looks whether the audit is as this node knows it, where another node seals. */
  readonly watchAudit: () => Promise<void>
  /** Writes the events that this node only counted to the audit: each node has its own count, with the lease or without. */
  readonly flushThrottle: () => Promise<void>
  /** Writes that this node runs, for other nodes and for people. */
  readonly sendHeartbeat: () => Promise<void>
  /** Notes how long the access tokens live that this node signs, so that no change is cleared away before them. */
  readonly noteTokenLife: () => Promise<void>
  /** Learns which imported hashes are there: what a refused sign-in costs on this node depends on them. */
  readonly evenOutHashing: () => Promise<void>
  readonly report: (failure: HousekeepingFailure) => void
}

export interface Housekeeping {
  /**
   * What a node does every minute: takes or renews the lease, and does the housekeeping when it holds it. True when
   * this node holds it. Never rejects: a failure is reported, and tried again at the next look.
   */
  look(): Promise<boolean>
  /**
   * Looks no more, ends the round in progress after its current piece of work, and releases the lease. Rejects when
   * it cannot be released: then it runs out by itself.
   */
  stop(): Promise<void>
}

/** Checks every minute whether this node is to do the housekeeping, until it is stopped. */
export function startHousekeeping({
  lease,
  reloadKeys,
  watchAudit,
  flushThrottle,
  sendHeartbeat,
  noteTokenLife,
  evenOutHashing,
  report,
  ...deps
}: NodeDeps): Housekeeping {
  const looks = new Set<Promise<boolean>>()
  let round: Promise<void> | undefined
  let stopped = false

  const keep = async () => {
    const failures = await runHousekeeping({ ...deps, goOn: () => !stopped && lease.isHeld() })
    round = undefined
    for (const failure of failures) report(failure)
  }

  const work = async (): Promise<boolean> => {
    if (stopped) return false
    await flushThrottle().catch(cause => report({ step: 'flushThrottle', cause }))
    await sendHeartbeat().catch(cause => report({ step: 'sendHeartbeat', cause }))
    await noteTokenLife().catch(cause => report({ step: 'noteTokenLife', cause }))
    await evenOutHashing().catch(cause => report({ step: 'evenOutHashing', cause }))
    if (await lease.hold()) {
      // A round that takes longer than a minute goes on; this look has renewed the lease for it.
      round ??= keep()
      await round
      return true
    }
    await reloadKeys().catch(cause => report({ step: 'reloadKeys', cause }))
    await watchAudit().catch(cause => report({ step: 'watchAudit', cause }))
    return false
  }

  const look = (): Promise<boolean> => {
    const looking = work().catch(cause => {
      report({ step: 'takeLease', cause })
      return false
    })
    looks.add(looking)
    return looking.finally(() => looks.delete(looking))
  }

  const timer = setInterval(look, everyMs)
  timer.unref()
  return {
    look,
    async stop() {
      stopped = true
      clearInterval(timer)
      // A look in progress may just be taking the lease: it is released after that.
      await Promise.all(looks)
      await lease.release()
    },
  }
}
