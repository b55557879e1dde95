import { type AuditLog, type NewAuditEvent, userTarget } from '../audit/index.ts'
import { type Clock, type EpochMs, Refusal, type Transact } from '../kernel/index.ts'
import { type BudgetKind, isOfAccount } from './counter.ts'
import { type Charged, type ChargedGuess, countersOf, type Guess } from './guess.ts'
import { type KnownDevices, rememberDevicesMs } from './known-devices.ts'
import { createPasswordMark } from './password-mark.ts'
import { createRecordBudget } from './record-budget.ts'
import type { ThrottleRules } from './rules.ts'
import type { Charge, ThrottleStore } from './throttle-store.ts'
import { createTurnstile } from './turnstile.ts'

export interface ThrottleStores {
  readonly throttle: ThrottleStore
  readonly audit: AuditLog
}

export interface ThrottleDeps {
  readonly transaction: Transact<ThrottleStores>
  /** Committed state, read outside the transaction. */
  readonly devices: KnownDevices
  readonly rules: ThrottleRules
  readonly clock: Clock
  /** SECRET: names passwords in the table. The same on every node. */
  readonly markKey: Uint8Array
}

/** What slows down guessing. One for a node; the counters are in the database and hold for all nodes. */
export interface Throttle {
  /**
   * Counts a guess, then has `look` look at it. INVARIANT: committed before the password is hashed, so of any number
   * of guesses at the same time none is looked at that has not been counted. Refuses with `too_many_requests` while a
   * wait is under way: the same whether the account exists, is active, or the password is right. Guesses that would
   * use up the free tries while nobody knows yet whether they are right wait for each other.
   */
  attempt<Result>(guess: Guess, look: (guess: ChargedGuess) => Promise<Result>): Promise<Result>
  /** The guess was right: in the transaction of what it opens. */
  forgive(stores: Pick<ThrottleStores, 'throttle'>, guess: ChargedGuess): Promise<void>
  /** The guess could not be looked at: it counts for nothing. */
  withdraw(guess: ChargedGuess): Promise<void>
  /** Writes a wrong guess to the audit, or counts it when strangers have caused enough rows. */
  recordFailure(event: NewAuditEvent, nowMs: EpochMs): Promise<void>
  /** Takes one out of a budget. Refuses with `too_many_requests`, and takes nothing, when it is used up. */
  spend(kind: BudgetKind, subject: string, nowMs: EpochMs): Promise<void>
  /** Tells the audit how many wrong guesses had no room in it. Every node tells of its own. */
  tellMissed(nowMs: EpochMs): Promise<void>
}

/** Rows of the audit that strangers may cause in an hour, on each node. */
const recordsPerHour = 1_000

/**
 * Anonymous traffic makes rows, so their number has a bound: a few megabytes, and far more than the accounts that are
 * guessed at the same time.
 */
const mostRows = 20_000

/** Counting them costs more than adding one. */
const newRowsPerTrim = 500

export function createThrottle({ transaction, devices, rules, clock, markKey }: ThrottleDeps): Throttle {
  const markPassword = createPasswordMark(markKey)
  const records = createRecordBudget(recordsPerHour)
  const turnstile = createTurnstile()
  let newRows = 0

  const keepBounded = async (added: number, nowMs: EpochMs) => {
    newRows += added
    if (newRows < newRowsPerTrim) return
    newRows = 0
    await transaction(({ throttle }) => throttle.trim(mostRows, nowMs))
  }

  const chargeAll = async (
    stores: ThrottleStores,
    guess: ChargedGuess,
    mayRecord: boolean,
  ): Promise<readonly Outcome[]> => {
    const outcomes: Outcome[] = []
    for (const counter of guess.counters) {
      const charge = await stores.throttle.charge(counter.key, counter.rule, guess.nowMs)
      outcomes.push({ ...counter, ...charge })
      if (counter.isObeyed && charge.isRefused) break
    }
    const begun = mayRecord ? outcomes.filter(hasBegun).map(outcome => waitEvent(guess, outcome)) : []
    if (begun.length > 0) await stores.audit.appendAll(begun, guess.nowMs)
    return outcomes
  }

  const charge = async (guess: ChargedGuess): Promise<void> => {
    const { nowMs } = guess
    // Asked and noted outside the transaction, which may run twice.
    const mayRecord = records.hasRoom(nowMs)
    const outcomes = await transaction(stores => chargeAll(stores, guess, mayRecord))
    for (const _ of outcomes.filter(hasBegun)) mayRecord ? records.spend(nowMs) : records.miss()
    await keepBounded(outcomes.filter(({ failures }) => failures === 1).length, nowMs)

    const refusing = outcomes.find(({ isObeyed, isRefused }) => isObeyed && isRefused)
    if (refusing !== undefined) throw tooMany(refusing.blockedUntilMs! - nowMs)
  }

  return {
    async attempt(presented, look) {
      const knownOrigins = await devices.listOrigins(presented.userId, clock.nowMs() - rememberDevicesMs)
      const counters = countersOf(presented, { knownOrigins, rules: rules.guesses, markPassword })
      const leave = await turnstile.enter(counters)
      try {
        const { email, userId, origin } = presented
        const guess: ChargedGuess = { email, userId, origin, counters, nowMs: clock.nowMs() }
        if (counters.length > 0) await charge(guess)
        return await look(guess)
      } finally {
        leave()
      }
    },

    async forgive({ throttle }, { counters }) {
      for (const { key, rule } of counters) {
        if (isOfAccount(key.kind)) await throttle.reset(key)
        else await throttle.giveBack(key, rule)
      }
    },

    async withdraw({ counters }) {
      if (counters.length === 0) return
      await transaction(async ({ throttle }) => {
        for (const { key, rule } of counters) await throttle.giveBack(key, rule)
      })
    },

    async recordFailure(event, nowMs) {
      if (!records.hasRoom(nowMs)) return records.miss()
      records.spend(nowMs)
      await transaction(({ audit }) => audit.append(event, nowMs))
    },

    async spend(kind, subject, nowMs) {
      const rule = rules.budgets[kind]
      if (rule === undefined) return
      const waitMs = await transaction(({ throttle }) => throttle.spend({ kind, subject }, rule, nowMs))
      if (waitMs !== undefined) throw tooMany(waitMs)
      await keepBounded(1, nowMs)
    },

    async tellMissed(nowMs) {
      const unrecorded = records.takeMissed()
      if (unrecorded === 0) return
      try {
        await transaction(({ audit }) => audit.append(missedEvent(unrecorded), nowMs))
      } catch (error) {
        records.miss(unrecorded)
        throw error
      }
    },
  }
}

type Outcome = Charged & Charge

const tooMany = (waitMs: number): Refusal =>
  new Refusal('too_many_requests', { retryAfterSeconds: Math.ceil(waitMs / 1000) })

/** Whether this very guess began a wait; what comes during one only prolongs it. */
const hasBegun = ({ isRefused, failures, rule }: Outcome): boolean =>
  !isRefused && failures === rule.freeTries + 1

const waitEvent = (
  { userId, origin, nowMs }: ChargedGuess,
  { key, blockedUntilMs }: Outcome,
): NewAuditEvent => ({
  actorId: null,
  action: 'throttle.wait',
  // Of an address or a password no account is the target.
  target: isOfAccount(key.kind) && userId !== undefined ? userTarget(userId) : null,
  outcome: 'denied',
  origin,
  details: { kind: key.kind, wait_seconds: Math.ceil((blockedUntilMs! - nowMs) / 1000) },
})

const missedEvent = (unrecorded: number): NewAuditEvent => ({
  actorId: null,
  action: 'user.login_failed',
  target: null,
  outcome: 'failure',
  origin: null,
  details: { unrecorded },
})
