import type { EpochMs, Page, PageRequest } from '../kernel/index.ts'
import type { BudgetKind, Counter, CounterKey, CounterKind, GuessKind } from './counter.ts'
import type { BudgetRule, GuessRule } from './rules.ts'

/** What one attempt found and left behind. */
export interface Charge {
  /** This one included, when it was counted. */
  readonly failures: number
  /** Whether a wait was under way when the attempt came: it was not counted, and must not be looked at. */
  readonly isRefused: boolean
  /** Until when the next one would be refused; null when it would not. */
  readonly blockedUntilMs: EpochMs | null
}

export type CounterColumn = 'id' | 'failures' | 'counted_at' | 'blocked_until'

export interface CounterFilter {
  readonly kind?: CounterKind | undefined
  readonly isBlocked?: boolean | undefined
}

export interface ThrottleStore {
  /**
   * Counts one attempt, and says whether it came during a wait. INVARIANT: one guarded statement, so that of any
   * number of attempts at the same time, on any number of nodes, each is counted and each sees those before it.
   * An attempt during a wait counts for nothing: it makes the wait neither longer nor shorter (ADR 32).
   */
  charge(key: CounterKey<GuessKind>, rule: GuessRule, nowMs: EpochMs): Promise<Charge>
  /** Takes back one attempt that was counted and turned out well, and the wait that it began. */
  giveBack(key: CounterKey<GuessKind>, rule: GuessRule, begunUntilMs: EpochMs | null): Promise<void>
  /** Forgets everything about this one. */
  reset(key: CounterKey): Promise<void>
  /**
   * Takes one out of a budget, in one guarded statement. Undefined when it was there; else after how long one
   * will be, and nothing was taken.
   */
  spend(key: CounterKey<BudgetKind>, rule: BudgetRule, nowMs: EpochMs): Promise<number | undefined>
  findById(id: number): Promise<Counter | undefined>
  /** Rows as they stand now: `settled`. */
  list(filter: CounterFilter, page: PageRequest<CounterColumn>, nowMs: EpochMs): Promise<Page<Counter>>
  /** How many of each kind have a wait under way; kinds that have none are left out. */
  countBlocked(nowMs: EpochMs): Promise<ReadonlyMap<CounterKind, number>>
  /** Removes what was counted of guesses at the account with this address. */
  forgetAccount(email: string): Promise<void>
  /** Undefined when there is none. */
  delete(id: number): Promise<Counter | undefined>
  /** Removes some of the rows that count nothing any more and whose wait is over; gives their number. */
  deleteForgotten(forgetMsOf: ReadonlyMap<CounterKind, number>, nowMs: EpochMs): Promise<number>
  /**
   * Removes what is over so many rows: those with the fewest failures first, then the oldest; a row with a wait under
   * way only when there is no other. Gives the number removed.
   */
  trim(kept: number, nowMs: EpochMs): Promise<number>
}
