import { createHmac } from 'node:crypto'
import { networkOf } from '../addresses/index.ts'
import { type ClientInfo, KeyedSemaphore, type Permit, Rejection, type UserId } from '../kernel/index.ts'
import type { LimitResult } from './counter.ts'
import {
  type AttemptKind,
  type AttemptLimit,
  deviceSeparator,
  type LimitKey,
  type ThrottleLimits,
} from './limits.ts'

/** A password that is presented for an account, before anything about it is verified. */
export interface PresentedPassword {
  /** Canonical; undefined when what was presented is no address at all. */
  readonly email: string | undefined
  /** In the one form in which passwords are compared. */
  readonly password: string
  readonly origin: ClientInfo
  /** What the caller has proven beside the password; network and user agent prove nothing. */
  readonly proof?: Proof | undefined
  /**
   * Undefined when there is no such account, which nothing on the outside may show. Asked only after the limits let
   * the attempt through: a rejection costs the same with an account and without (ADR 32).
   */
  findUserId(): Promise<UserId | undefined>
}

/**
 * A device that signed in to this account before, by its device token, a living session of the account, or the password
 * that was right: what is presented then is a second factor.
 */
interface Proof {
  readonly kind: 'device' | 'session' | 'password'
  /** Names the device or the session in its counter. */
  readonly id: string
}

/** A limit that counts an attempt. */
export interface CountingLimit {
  readonly key: LimitKey<AttemptKind>
  readonly limit: AttemptLimit
  /** Whether its wait refuses the attempt. */
  readonly isObeyed: boolean
}

/** A limit, and what the attempt found and left at its counter. */
export type TakenLimit = CountingLimit & LimitResult

const factorLimit: AttemptLimit = { freeTries: 5, refillMs: 15 * 60_000, maxWaitMs: 15 * 60_000 }

/**
 * The limits of an attempt, in the one order in which they are taken, to avoid a deadlock between two attempts. A
 * proven device or session has a counter of its own and obeys no other, so the attempts of other callers never refuse
 * its owner. Attempts by a session count at the account as well: a stolen session has no more tries than an unproven
 * caller (ADR 32).
 */
export function limitsOf(
  { email, origin, password, proof }: PresentedPassword,
  limits: ThrottleLimits['attempts'],
  fingerprint: (password: string) => string,
): readonly CountingLimit[] {
  // Where accounts are not counted, devices are not either: a device obeys the limits of unproven callers.
  const isUnproven = proof === undefined || (proof.kind === 'device' && limits.device === undefined)
  const counting: CountingLimit[] = []
  const add = (kind: AttemptKind, subject: string, isObeyed: boolean) => {
    const limit = limits[kind]
    if (limit !== undefined) counting.push({ key: { kind, subject }, limit, isObeyed })
  }
  add('address', networkOf(origin.ipAddress), isUnproven)
  if (proof?.kind === 'password') {
    // One counter for the account, however many sign-ins, sessions and devices the codes are tried with. It counts also
    // where the settings count no passwords: six digits are few (ADR 46).
    const key = { kind: 'device', subject: `${email}${deviceSeparator}${proof.id}` } as const
    return [...counting, { key, limit: limits.device ?? factorLimit, isObeyed: true }]
  }
  if (email !== undefined && proof?.kind !== 'device') add('account', email, isUnproven)
  if (proof !== undefined) add('device', `${email}${deviceSeparator}${proof.id}`, true)
  if (isUnproven) add('password', fingerprint(password), true)
  return counting
}

/**
 * Names a password for the counter of one password tried on many accounts.
 *
 * INVARIANT: 16 bits of a keyed hash. One in 65,536 passwords has the fingerprint of another, so a reader of the table,
 * and of the key too, learns next to nothing about a password from it. For a counter it is enough: a user does not
 * share a fingerprint by accident often enough to use up the free tries (ADR 14).
 */
export const passwordFingerprint =
  (key: Uint8Array) =>
  (normalised: string): string =>
    createHmac('sha256', key).update(normalised).digest('hex').slice(0, 4)

/** Of all limits together. An answer that comes after the client has gone is of use to no caller. */
const maxWaiting = 1_000

/**
 * Lets as many attempts of one counter run at a time as it has free tries; the others wait. Each attempt is counted
 * before the password is verified, so without this a caller with the right password who signs in several times at once
 * would be refused. It now waits for milliseconds. On this node only: the counters themselves hold for all.
 */
export class AttemptQueue {
  readonly #slots = new KeyedSemaphore<string>({
    maxWaiting,
    full: () => new Rejection('unavailable', { retryAfterSeconds: 1 }),
  })

  /** Resolves with a slot at each limit that is obeyed; disposing gives them back. */
  async enter(limits: readonly CountingLimit[]): Promise<Disposable> {
    const permits: Permit[] = []
    const slots = {
      [Symbol.dispose]() {
        for (const permit of permits.splice(0)) permit[Symbol.dispose]()
      },
    }
    try {
      // In the order in which limits are taken: an attempt that has a slot never waits for one that comes before it.
      for (const { key, limit, isObeyed } of limits) {
        if (!isObeyed) continue
        permits.push(await this.#slots.acquire(`${key.kind} ${key.subject}`, Math.max(1, limit.freeTries)))
      }
      return slots
    } catch (error) {
      slots[Symbol.dispose]()
      throw error
    }
  }
}
