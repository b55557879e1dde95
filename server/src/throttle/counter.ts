import type { EpochMs } from '../kernel/index.ts'

/** Whose wrong guesses are counted. */
export const guessKinds = ['address', 'account', 'device', 'password'] as const
/** What is rationed whether it goes well or not. */
export const budgetKinds = ['registration', 'password_change'] as const
export const counterKinds = [...guessKinds, ...budgetKinds] as const

export type GuessKind = (typeof guessKinds)[number]
export type BudgetKind = (typeof budgetKinds)[number]
export type CounterKind = (typeof counterKinds)[number]

/** Whether the counter is of one account, not of all users at an address or with a password. */
export const isOfAccount = (kind: CounterKind): boolean => kind === 'account' || kind === 'device'

/** Between the address of the account and the name of its device. The name holds none, an address may. */
export const deviceSeparator = '|'

/** The account that a counter counts for: its canonical address, or its id; undefined where it is not of one account. */
export function accountOf({ kind, subject }: CounterKey): { email: string } | { id: number } | undefined {
  if (kind === 'account') return { email: subject }
  if (kind === 'device') return { email: subject.slice(0, subject.lastIndexOf(deviceSeparator)) }
  return kind === 'password_change' ? { id: Number(subject) } : undefined
}

/** What a counter counts for; there is one counter for each. */
export interface CounterKey<Kind extends CounterKind = CounterKind> {
  readonly kind: Kind
  readonly subject: string
}

export interface Counter extends CounterKey {
  readonly id: number
  /** As they stood at `countedAtMs`; some may have been forgotten since. */
  readonly failures: number
  readonly countedAtMs: EpochMs
  readonly blockedUntilMs: EpochMs | null
}

/** The counter as it stands now: a wait that is over is none. */
export const settled = (counter: Counter, nowMs: EpochMs): Counter =>
  counter.blockedUntilMs !== null && counter.blockedUntilMs <= nowMs
    ? { ...counter, blockedUntilMs: null }
    : counter
