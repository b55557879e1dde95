import { networkOf } from '../addresses/index.ts'
import type { EpochMs, Origin, UserId } from '../kernel/index.ts'
import { type CounterKey, deviceSeparator, type GuessKind } from './counter.ts'
import type { GuessRule, ThrottleRules } from './rules.ts'
import type { Charge } from './throttle-store.ts'

/** A password that is presented for an account, before anything about it is verified. */
export interface Guess {
  /** Canonical; undefined when what was presented is no address at all. */
  readonly email: string | undefined
  /** In the one form in which passwords are compared. */
  readonly password: string
  readonly origin: Origin
  /** What the caller has proven beside the password; network and user agent prove nothing. */
  readonly proof?: Proof | undefined
  /**
   * Undefined when there is no such account, which nothing on the outside may show. Asked only after the guess was
   * let through: a rejection costs the same whether there is one.
   */
  findUserId(): Promise<UserId | undefined>
}

/** A device that signed in to this account before, by its device token, or a living session of the account. */
export interface Proof {
  readonly kind: 'device' | 'session'
  /** Names the device or the session in its counter. */
  readonly id: string
}

/** A counter that a guess is charged to. */
export interface Charged {
  readonly key: CounterKey<GuessKind>
  readonly rule: GuessRule
  /** Whether its wait refuses the guess. */
  readonly isObeyed: boolean
}

interface Place {
  readonly rules: ThrottleRules['guesses']
  readonly markPassword: (normalised: string) => string
}

/**
 * The counters of a guess, in the one order in which they are charged, to avoid a deadlock between two guesses. A
 * proven device or session has a counter of its own and obeys no other, so the attempts of other callers never refuse
 * its owner. Guesses by a session count at the account as well: a stolen session has no more tries than an unproven
 * caller.
 */
export function countersOf(guess: Guess, { rules, markPassword }: Place): readonly Charged[] {
  const { email, origin, password } = guess
  const { proof } = guess
  // Where accounts are not counted, devices are not either: a device obeys the counters of unproven callers.
  const isStranger = proof === undefined || (proof.kind === 'device' && rules.device === undefined)
  const charged: Charged[] = []
  const add = (kind: GuessKind, subject: string, isObeyed: boolean) => {
    const rule = rules[kind]
    if (rule !== undefined) charged.push({ key: { kind, subject }, rule, isObeyed })
  }
  add('address', networkOf(origin.ipAddress), isStranger)
  if (email !== undefined && proof?.kind !== 'device') add('account', email, isStranger)
  if (proof !== undefined) add('device', `${email}${deviceSeparator}${proof.id}`, true)
  if (isStranger) add('password', markPassword(password), true)
  return charged
}

/** A counter as a guess left it. */
export type Outcome = Charged & Charge

/** What is known of a guess once it is counted. */
export interface ChargedGuess extends Omit<Guess, 'password' | 'proof'> {
  readonly counters: readonly Outcome[]
  readonly nowMs: EpochMs
}
