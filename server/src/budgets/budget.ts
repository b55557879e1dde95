import { Rejection, type TimeSource } from '../kernel/index.ts'
import { type BucketLimit, TokenBucket } from './token-bucket.ts'

export type Spending = { readonly ok: true } | { readonly ok: false; readonly retryAfterSeconds: number }

/** How much each of many callers may ask for. Kept in the memory of this process: every node has its own. */
export interface Budget {
  /** Takes `cost` from what the key has left, or takes nothing and says when that much will be there. */
  spend(key: string | number, cost?: number): Spending
}

interface BudgetOptions extends BucketLimit {
  /**
   * INVARIANT: no more keys than this are remembered, whatever the callers send. The keys unused for longest are
   * dropped first.
   */
  readonly maxKeys: number
  readonly clock: Pick<TimeSource, 'monotonicMs'>
}

const passed: Spending = Object.freeze({ ok: true })

/** A token bucket per key. */
export function createBudget({ maxKeys, clock, ...limit }: BudgetOptions): Budget {
  const bucketsPerGeneration = Math.ceil(maxKeys / 2)
  let young = new Map<string | number, TokenBucket>()
  let old = young

  // Two generations instead of one queue: dropping keys costs nothing however many unknown callers come, and a key that
  // is in use moves to the young generation.
  const open = (key: string | number, tickMs: number): TokenBucket => {
    const bucket = old.get(key) ?? new TokenBucket(limit, tickMs)
    if (young.size >= bucketsPerGeneration) {
      old = young
      young = new Map()
    }
    young.set(key, bucket)
    return bucket
  }

  return {
    spend(key, cost = 1) {
      const tickMs = clock.monotonicMs()
      const waitMs = (young.get(key) ?? open(key, tickMs)).take(cost, tickMs)
      return waitMs === 0 ? passed : { ok: false, retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) }
    },
  }
}

/** A budget that a setting may turn off: then everything passes. */
export const createBudgetOf = (
  limit: { readonly count: number; readonly perSeconds: number } | undefined,
  { maxKeys, clock }: Pick<BudgetOptions, 'maxKeys' | 'clock'>,
): Budget =>
  limit === undefined
    ? { spend: () => passed }
    : createBudget({ count: limit.count, perMs: limit.perSeconds * 1000, maxKeys, clock })

/** Spends or refuses with `too_many_requests`, which says when to come back. */
export function charge(budget: Budget, key: string | number, cost = 1): void {
  const spending = budget.spend(key, cost)
  if (!spending.ok)
    throw new Rejection('too_many_requests', { retryAfterSeconds: spending.retryAfterSeconds })
}
