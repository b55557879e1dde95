import { networkOf } from '../addresses/index.ts'
import type { EpochMs, Origin, UserId } from '../kernel/index.ts'
import type { CounterKey, GuessKind } from './counter.ts'
import { recognise, userAgentMark } from './known-devices.ts'
import type { GuessRule, ThrottleRules } from './rules.ts'

/** A password that somebody presents for an account. Nothing in it has been judged. */
export interface Guess {
  /** Canonical; undefined when what was presented is no address at all. */
  readonly email: string | undefined
  /** Undefined when there is no such account, which nothing on the outside may show. */
  readonly userId: UserId | undefined
  /** In the one form in which passwords are compared. */
  readonly password: string
  readonly origin: Origin
}

/** A counter that a guess is charged to. */
export interface Charged {
  readonly key: CounterKey<GuessKind>
  readonly rule: GuessRule
  /** Whether its wait refuses the guess. */
  readonly isObeyed: boolean
}

interface Place {
  readonly knownOrigins: readonly Origin[]
  readonly rules: ThrottleRules['guesses']
  readonly markPassword: (normalised: string) => string
}

/**
 * What a guess counts for, in the one order in which counters are charged, so that no two guesses wait for each
 * other. A place that the account signed in from before has a counter of its own instead of the account's, so nobody
 * who guesses from elsewhere keeps the owner out of it; and the owner's own browser heeds no other wait.
 */
export function countersOf(guess: Guess, { knownOrigins, rules, markPassword }: Place): readonly Charged[] {
  const { email, origin, password } = guess
  const network = networkOf(origin.ipAddress)
  const known = email === undefined ? undefined : recognise(knownOrigins, origin)
  const isOwnDevice = known === 'device' && rules.device !== undefined
  const charged: Charged[] = []
  const add = (kind: GuessKind, subject: string, isObeyed: boolean) => {
    const rule = rules[kind]
    if (rule !== undefined) charged.push({ key: { kind, subject }, rule, isObeyed })
  }
  add('address', network, !isOwnDevice)
  if (email !== undefined) {
    if (known === 'device') add('device', `${email}|${network}|${userAgentMark(origin.userAgent)}`, true)
    else if (known === 'network') add('device', `${email}|${network}`, true)
    else add('account', email, true)
  }
  if (!isOwnDevice) add('password', markPassword(password), true)
  return charged
}

/** What is known of a guess once it is counted. */
export interface ChargedGuess extends Omit<Guess, 'password'> {
  readonly counters: readonly Charged[]
  readonly nowMs: EpochMs
}
