import { type AuditLog, type NewAuditEvent, userTarget } from '../audit/index.ts'
import { type ClientInfo, type Clock, type EpochMs, Rejection, type Transact } from '../kernel/index.ts'
import { AuditQuota } from '../rate-limits/index.ts'
import {
  AttemptQueue,
  type CountingLimit,
  limitsOf,
  type PresentedPassword,
  passwordFingerprint,
  type TakenLimit,
} from './attempt.ts'
import { isOfAccount, type RateKind, type ThrottleLimits } from './limits.ts'
import type { ThrottleStore } from './throttle-store.sql.ts'

export interface ThrottleStores {
  readonly throttle: ThrottleStore
  readonly audit: AuditLog
}

interface ThrottleDeps {
  readonly transaction: Transact<ThrottleStores>
  readonly limits: ThrottleLimits
  readonly clock: Clock
  /** SECRET: names passwords in the table. The same on every node. */
  readonly fingerprintKey: Uint8Array
}

/** Rows of the audit that unauthenticated callers may cause in an hour, on each node (ADR 14). */
const auditEventsPerHour = 1_000

/**
 * Anonymous traffic makes rows, so their number has a bound: a few megabytes, and far more than the accounts that are
 * attacked at the same time (ADR 14).
 */
const maxRows = 20_000

/** Counting the rows costs more than adding one. */
const newRowsPerTrim = 500

/** Limits sign-in attempts and some requests. One for a node; the counters are in the database and hold for all nodes. */
export class Throttle {
  readonly #deps: ThrottleDeps
  readonly #fingerprint: (password: string) => string
  readonly #queue = new AttemptQueue()
  /** The audit is never cleared, and any caller of `/login/` can fail without limit. */
  readonly #quota = new AuditQuota(auditEventsPerHour)
  #newRows = 0

  constructor(deps: ThrottleDeps) {
    this.#deps = deps
    this.#fingerprint = passwordFingerprint(deps.fingerprintKey)
  }

  /**
   * Counts an attempt. INVARIANT: committed before the password is hashed, so of any number of attempts at the same time
   * no password is verified that has not been counted (ADR 14). Rejects with `too_many_requests` while a wait is under
   * way: after the same work whether the account exists, is active, or the password is right. Such an attempt counts for
   * nothing and prolongs nothing. The caller must hold the attempt with `using`: attempts that would use up the free
   * tries before their outcome is known wait for each other.
   */
  async begin(presented: PresentedPassword): Promise<SignInAttempt> {
    const limits = limitsOf(presented, this.#deps.limits.attempts, this.#fingerprint)
    const slots = await this.#queue.enter(limits)
    try {
      const nowMs = this.#deps.clock.nowMs()
      const taken = limits.length > 0 ? await this.#take(limits, nowMs) : []
      await this.#auditWaits(presented, taken, nowMs)
      const { transaction } = this.#deps
      return new SignInAttempt({
        origin: presented.origin,
        nowMs,
        taken,
        slots,
        quota: this.#quota,
        transaction,
      })
    } catch (error) {
      slots[Symbol.dispose]()
      throw error
    }
  }

  /** Takes one of a rate limit. Rejects with `too_many_requests`, and takes nothing, when all are taken. */
  async take(kind: RateKind, subject: string, nowMs: EpochMs): Promise<void> {
    const waitMs = await this.#takeOfRate(kind, subject, nowMs)
    if (waitMs !== undefined) throw tooMany(waitMs)
  }

  /** The same where no answer may tell; false when all are taken. */
  async tryTake(kind: RateKind, subject: string, nowMs: EpochMs): Promise<boolean> {
    return (await this.#takeOfRate(kind, subject, nowMs)) === undefined
  }

  /** Undefined when one was taken, else how long it takes until one can be. */
  async #takeOfRate(kind: RateKind, subject: string, nowMs: EpochMs): Promise<number | undefined> {
    const limit = this.#deps.limits.rates[kind]
    if (limit === undefined) return undefined
    const waitMs = await this.#deps.transaction(({ throttle }) =>
      throttle.takeOfRate({ kind, subject }, limit, nowMs),
    )
    if (waitMs === undefined) await this.#boundRows(1, nowMs)
    return waitMs
  }

  /** Writes to the audit how many failures were suppressed. Every node reports its own. */
  flush(nowMs: EpochMs): Promise<void> {
    return this.#quota.flush(suppressed =>
      this.#deps.transaction(({ audit }) => audit.append(suppressedEvent(suppressed), nowMs)),
    )
  }

  /** INVARIANT: all limits are taken or none, because a rejection is thrown and rolls the others back. */
  async #take(limits: readonly CountingLimit[], nowMs: EpochMs): Promise<readonly TakenLimit[]> {
    const taken = await this.#deps.transaction(async ({ throttle }) => {
      const results: TakenLimit[] = []
      for (const counting of limits) {
        results.push({ ...counting, ...(await throttle.takeAttempt(counting.key, counting.limit, nowMs)) })
      }
      const waits = results.filter(({ isObeyed, isRefused }) => isObeyed && isRefused)
      if (waits.length > 0) throw tooMany(Math.max(...waits.map(wait => wait.blockedUntilMs!)) - nowMs)
      return results
    })
    await this.#boundRows(taken.filter(({ failures }) => failures === 1).length, nowMs)
    return taken
  }

  async #boundRows(added: number, nowMs: EpochMs): Promise<void> {
    this.#newRows += added
    if (this.#newRows < newRowsPerTrim) return
    this.#newRows = 0
    await this.#deps.transaction(({ throttle }) => throttle.trim(maxRows, nowMs))
  }

  async #auditWaits(
    { origin, findUserId }: PresentedPassword,
    taken: readonly TakenLimit[],
    nowMs: EpochMs,
  ): Promise<void> {
    const begun = taken.filter(hasBegunWait)
    if (begun.length === 0 || !this.#quota.tryTake(nowMs, begun.length)) return
    const userId = await findUserId()
    const events = begun.map(
      ({ key, blockedUntilMs }): NewAuditEvent => ({
        actorId: null,
        action: 'throttle.wait',
        // Of an address or a password no account is the target.
        target: isOfAccount(key.kind) && userId !== undefined ? userTarget(userId) : null,
        outcome: 'denied',
        origin,
        details: { kind: key.kind, wait_seconds: Math.ceil((blockedUntilMs! - nowMs) / 1000) },
      }),
    )
    await this.#deps.transaction(({ audit }) => audit.appendAll(events, nowMs))
  }
}

interface AttemptParts {
  readonly origin: ClientInfo
  readonly nowMs: EpochMs
  readonly taken: readonly TakenLimit[]
  readonly slots: Disposable
  readonly quota: AuditQuota
  readonly transaction: Transact<ThrottleStores>
}

/**
 * An attempt that is counted. Its caller reports one outcome; without one, after an error or a crash, it stays counted
 * as a failure. Disposing gives back its slots in the queue, whatever the outcome.
 */
export class SignInAttempt implements Disposable {
  readonly #parts: AttemptParts
  readonly origin: ClientInfo
  readonly nowMs: EpochMs

  constructor(parts: AttemptParts) {
    this.#parts = parts
    this.origin = parts.origin
    this.nowMs = parts.nowMs
  }

  /**
   * The password was right: forgets the failures of account and device, and takes back this attempt at the others, with
   * the wait that it began (ADR 32). In the transaction of what it opens.
   */
  async succeeded({ throttle }: Pick<ThrottleStores, 'throttle'>): Promise<void> {
    for (const taken of this.#parts.taken) {
      if (isOfAccount(taken.key.kind)) await throttle.clear(taken.key)
      else await refund(throttle, taken)
    }
  }

  /** The password was wrong: writes the event, or only counts it when unauthenticated callers have caused enough. */
  async failed(event: NewAuditEvent): Promise<void> {
    const { quota, transaction } = this.#parts
    if (quota.tryTake(this.nowMs)) await transaction(({ audit }) => audit.append(event, this.nowMs))
  }

  /** The password could not be verified, or was right for nothing: the attempt counts for nothing. */
  async cancelled(): Promise<void> {
    const { taken, transaction } = this.#parts
    if (taken.length === 0) return
    await transaction(async ({ throttle }) => {
      for (const one of taken) await refund(throttle, one)
    })
  }

  [Symbol.dispose](): void {
    this.#parts.slots[Symbol.dispose]()
  }
}

/** What came during the wait of a limit that is not obeyed was not counted there. */
async function refund(
  throttle: ThrottleStore,
  { key, limit, isRefused, blockedUntilMs }: TakenLimit,
): Promise<void> {
  if (!isRefused) await throttle.refundAttempt(key, limit, blockedUntilMs)
}

const tooMany = (waitMs: number): Rejection =>
  new Rejection('too_many_requests', { retryAfterSeconds: Math.ceil(waitMs / 1000) })

/** True for the attempt that begins the first wait of a row of failures; each further failure begins a longer one. */
const hasBegunWait = ({ isRefused, failures, limit }: TakenLimit): boolean =>
  !isRefused && failures === limit.freeTries + 1

const suppressedEvent = (unrecorded: number): NewAuditEvent => ({
  actorId: null,
  action: 'user.login_failed',
  target: null,
  outcome: 'failure',
  origin: null,
  details: { unrecorded },
})
