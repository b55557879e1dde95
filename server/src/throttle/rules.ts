import type { BudgetKind, CounterKind, GuessKind } from './counter.ts'

/** How wrong guesses turn into a wait: of 1 s after the first beyond the free ones, twice as long after each further one. */
export interface GuessRule {
  readonly freeTries: number
  /** One failure is forgotten each time so long has passed. */
  readonly forgetMs: number
  readonly maxWaitMs: number
}

/** So many at once; one comes back each time `forgetMs` has passed. */
export interface BudgetRule {
  readonly count: number
  readonly forgetMs: number
}

/** Undefined where nothing is counted. */
export interface ThrottleRules {
  readonly guesses: Readonly<Record<GuessKind, GuessRule | undefined>>
  readonly budgets: Readonly<Record<BudgetKind, BudgetRule | undefined>>
}

interface Limit {
  readonly count: number
  readonly perSeconds: number
}

/** The settings of this room; undefined is `off`. */
export interface ThrottleSettings {
  readonly guessesPerAccount: number | undefined
  readonly guessesPerAddress: number | undefined
  readonly guessesPerPassword: number | undefined
  readonly guessMaxWaitSeconds: number
  readonly limitRegistration: Limit | undefined
  readonly limitPasswordChange: Limit | undefined
}

/**
 * Many people share an address, and people mistype all day: it forgets quickly. An account is one person's, who
 * needs a handful of tries a day.
 */
const forgetOfAccountMs = 15 * 60_000
const forgetOfCrowdMs = 60_000

export function throttleRules(settings: ThrottleSettings): ThrottleRules {
  const maxWaitMs = settings.guessMaxWaitSeconds * 1000
  const guesses = (freeTries: number | undefined, forgetMs: number): GuessRule | undefined =>
    freeTries === undefined ? undefined : { freeTries, forgetMs, maxWaitMs }
  return {
    guesses: {
      address: guesses(settings.guessesPerAddress, forgetOfCrowdMs),
      account: guesses(settings.guessesPerAccount, forgetOfAccountMs),
      device: guesses(settings.guessesPerAccount, forgetOfAccountMs),
      password: guesses(settings.guessesPerPassword, forgetOfCrowdMs),
    },
    budgets: {
      registration: budgetOf(settings.limitRegistration),
      password_change: budgetOf(settings.limitPasswordChange),
    },
  }
}

const budgetOf = (limit: Limit | undefined): BudgetRule | undefined =>
  limit && { count: limit.count, forgetMs: Math.max(1, Math.floor((limit.perSeconds * 1000) / limit.count)) }

/** After how long one failure of each kind is forgotten; at once where nothing is counted any more. */
export const forgetMsByKind = ({ guesses, budgets }: ThrottleRules): ReadonlyMap<CounterKind, number> =>
  new Map(
    Object.entries({ ...guesses, ...budgets }).map(([kind, rule]) => [
      kind as CounterKind,
      rule?.forgetMs ?? 0,
    ]),
  )
