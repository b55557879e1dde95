import { KeyedSemaphore, type Permit, Rejection } from '../kernel/index.ts'
import type { Charged } from './guess.ts'

/**
 * Lets as many guesses of one counter be under way at a time as it has free tries; the others wait. A caller that
 * signs in from many places at once with the right password waits for milliseconds and is not taken for a guesser,
 * though each guess is counted before it is looked at. On this node only: the counters themselves hold for all.
 */
export interface Turnstile {
  /** Resolves when there is a place at each counter that is obeyed; what it gives is called to leave them. */
  enter(counters: readonly Charged[]): Promise<() => void>
}

/** On all counters together. An answer that comes after the client has gone is of use to no caller. */
const maxWaiting = 1_000

export function createTurnstile(): Turnstile {
  const places = new KeyedSemaphore<string>({
    maxWaiting,
    full: () => new Rejection('unavailable', { retryAfterSeconds: 1 }),
  })
  return {
    async enter(counters) {
      const held: Permit[] = []
      const leaveAll = () => {
        for (const permit of held.splice(0)) permit[Symbol.dispose]()
      }
      try {
        // In the order in which counters are charged: a guess that holds a place never waits for one that comes before it.
        for (const { key, rule, isObeyed } of counters) {
          if (!isObeyed) continue
          held.push(await places.acquire(`${key.kind} ${key.subject}`, Math.max(1, rule.freeTries)))
        }
        return leaveAll
      } catch (error) {
        leaveAll()
        throw error
      }
    },
  }
}
