import { type Clock, type EpochMs, Refusal } from '../kernel/index.ts'

export type Spending = { readonly ok: true } | { readonly ok: false; readonly retryAfterSeconds: number }

/** How much each of many callers may ask for. Kept in the memory of this process: every node has its own. */
export interface Budget {
  /** Takes `cost` from what the key has left, or takes nothing and says when that much will be there. */
  spend(key: string | number, cost?: number): Spending
}

interface BudgetOptions {
  /** This much at once, and as much again, evenly, in every `perMs`. */
  readonly count: number
  readonly perMs: number
  /** INVARIANT: no more keys than this are remembered, whoever calls. Those that were silent longest go first. */
  readonly maxKeys: number
  readonly clock: Clock
}

/** Mutable in place, so that spending allocates nothing for a key that is known. */
interface Account {
  /** What was spent and had not come back at `atMs`; never more than the count. */
  spent: number
  atMs: EpochMs
}

/** What sums of fractions may be off by. */
const roundingUnits = 1e-6

const passed: Spending = Object.freeze({ ok: true })

/**
 * A budget per key. A caller that was silent for `perMs` may spend `count` at once, and whoever goes on spending
 * gets `count` per `perMs` in the long run (a leaky bucket, the same as GCRA of ITU-T I.371). A cost beyond the whole budget takes all of it.
 */
export function createBudget({ count, perMs, maxKeys, clock }: BudgetOptions): Budget {
  const unitsPerMs = count / perMs
  const accountsPerGeneration = Math.ceil(maxKeys / 2)
  let young = new Map<string | number, Account>()
  let old = young

  // Two generations instead of one queue: forgetting is free however many strangers call, and whoever is active
  // moves on with the young.
  const open = (key: string | number, nowMs: EpochMs): Account => {
    const account = old.get(key) ?? { spent: 0, atMs: nowMs }
    if (young.size >= accountsPerGeneration) {
      old = young
      young = new Map()
    }
    young.set(key, account)
    return account
  }

  return {
    spend(key, cost = 1) {
      const nowMs = clock.nowMs()
      const account = young.get(key) ?? open(key, nowMs)
      // A clock that was put back gives nothing back, and holds nobody for longer than the period either.
      account.spent = Math.max(0, account.spent - Math.max(0, nowMs - account.atMs) * unitsPerMs)
      account.atMs = nowMs
      const taken = Math.min(cost, count)
      const excess = account.spent + taken - count
      if (excess > roundingUnits) {
        return {
          ok: false,
          retryAfterSeconds: Math.max(1, Math.ceil((excess - roundingUnits) / unitsPerMs / 1000)),
        }
      }
      account.spent += taken
      return passed
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
  if (!spending.ok) throw new Refusal('too_many_requests', { retryAfterSeconds: spending.retryAfterSeconds })
}
