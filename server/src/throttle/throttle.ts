import { type AuditLog, type NewAuditEvent, userTarget } from '../audit/index.ts'
import { type Clock, type EpochMs, Rejection, type Transact, type UserId } from '../kernel/index.ts'
import { type BudgetKind, isOfAccount } from './counter.ts'
import { type Charged, type ChargedGuess, countersOf, type Guess, type Outcome } from './guess.ts'
import { createPasswordMark } from './password-mark.ts'
import { createRecordBudget } from './record-budget.ts'
import type { ThrottleRules } from './rules.ts'
import type { ThrottleStore } from './throttle-store.ts'
import { createTurnstile } from './turnstile.ts'

export interface ThrottleStores {
  readonly throttle: ThrottleStore
  readonly audit: AuditLog
}

export interface ThrottleDeps {
  readonly transaction: Transact<ThrottleStores>
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
   * wait is under way: after the same work whether the account exists, is active, or the password is right. Such a
   * guess counts for nothing and prolongs nothing. Guesses that would use up the free tries before it is known whether
   * they are right wait for each other.
   */
  attempt<Result>(guess: Guess, look: (guess: ChargedGuess) => Promise<Result>): Promise<Result>
  /** The guess was right: in the transaction of what it opens. */
  forgive(stores: Pick<ThrottleStores, 'throttle'>, guess: ChargedGuess): Promise<void>
  /** The guess could not be looked at: it counts for nothing. */
  withdraw(guess: ChargedGuess): Promise<void>
  /** Writes a wrong guess to the audit, or only counts it when unauthenticated callers have caused enough rows. */
  recordFailure(event: NewAuditEvent, nowMs: EpochMs): Promise<void>
  /** Takes one out of a budget. Refuses with `too_many_requests`, and takes nothing, when it is used up. */
  spend(kind: BudgetKind, subject: string, nowMs: EpochMs): Promise<void>
  /** Tells the audit how many wrong guesses had no room in it. Every node tells of its own. */
  tellMissed(nowMs: EpochMs): Promise<void>
}

/** Rows of the audit that unauthenticated callers may cause in an hour, on each node. */
const recordsPerHour = 1_000

/**
 * Anonymous traffic makes rows, so their number has a bound: a few megabytes, and far more than the accounts that are
 * guessed at the same time.
 */
const mostRows = 20_000

/** Counting them costs more than adding one. */
const newRowsPerTrim = 500

export function createThrottle({ transaction, rules, clock, markKey }: ThrottleDeps): Throttle {
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

  /** INVARIANT: all counters are charged or none, because a rejection is thrown and rolls the others back. */
  const charge = async (counters: readonly Charged[], nowMs: EpochMs): Promise<readonly Outcome[]> => {
    const outcomes = await transaction(async stores => {
      const charged: Outcome[] = []
      for (const counter of counters) {
        charged.push({ ...counter, ...(await stores.throttle.charge(counter.key, counter.rule, nowMs)) })
      }
      const waits = charged.filter(({ isObeyed, isRefused }) => isObeyed && isRefused)
      if (waits.length > 0) throw tooMany(Math.max(...waits.map(wait => wait.blockedUntilMs!)) - nowMs)
      return charged
    })
    await keepBounded(outcomes.filter(({ failures }) => failures === 1).length, nowMs)
    return outcomes
  }

  const recordWaits = async (guess: ChargedGuess): Promise<void> => {
    const begun = guess.counters.filter(hasBegun)
    if (begun.length === 0) return
    if (!records.hasRoom(guess.nowMs)) return records.miss(begun.length)
    for (const _ of begun) records.spend(guess.nowMs)
    const userId = await guess.findUserId()
    const events = begun.map(outcome => waitEvent(guess, userId, outcome))
    await transaction(({ audit }) => audit.appendAll(events, guess.nowMs))
  }

  return {
    async attempt(presented, look) {
      const counters = countersOf(presented, { rules: rules.guesses, markPassword })
      const leave = await turnstile.enter(counters)
      try {
        const { email, origin, findUserId } = presented
        const nowMs = clock.nowMs()
        const charged = counters.length > 0 ? await charge(counters, nowMs) : []
        const guess: ChargedGuess = { email, origin, findUserId, counters: charged, nowMs }
        await recordWaits(guess)
        return await look(guess)
      } finally {
        leave()
      }
    },

    async forgive({ throttle }, { counters }) {
      for (const outcome of counters) {
        if (isOfAccount(outcome.key.kind)) await throttle.reset(outcome.key)
        else await giveBack(throttle, outcome)
      }
    },

    async withdraw({ counters }) {
      if (counters.length === 0) return
      await transaction(async ({ throttle }) => {
        for (const outcome of counters) await giveBack(throttle, outcome)
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

/** What came during the wait of a counter that is not obeyed was not counted there. */
async function giveBack(
  throttle: ThrottleStore,
  { key, rule, isRefused, blockedUntilMs }: Outcome,
): Promise<void> {
  if (!isRefused) await throttle.giveBack(key, rule, blockedUntilMs)
}

const tooMany = (waitMs: number): Rejection =>
  new Rejection('too_many_requests', { retryAfterSeconds: Math.ceil(waitMs / 1000) })

/** Whether this guess began the first wait of a row of failures; each further failure begins a longer one. */
const hasBegun = ({ isRefused, failures, rule }: Outcome): boolean =>
  !isRefused && failures === rule.freeTries + 1

const waitEvent = (
  { origin, nowMs }: ChargedGuess,
  userId: UserId | undefined,
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
