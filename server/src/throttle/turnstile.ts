import { Refusal } from '../kernel/index.ts'
import type { Charged } from './guess.ts'

/**
 * Lets as many guesses of one counter be under way at a time as it has free tries; the others stand in line. Whoever
 * signs in from many places at once with the right password waits for milliseconds and is not taken for a guesser,
 * though each guess is counted before it is looked at. On this node only: the counters themselves hold for all.
 */
export interface Turnstile {
  /** Resolves when there is a place at each counter that is obeyed; what it gives is called to leave them. */
  enter(counters: readonly Charged[]): Promise<() => void>
}

/** On all counters together. An answer that comes after the client has gone is work for nobody. */
const mostInLine = 1_000

interface Place {
  taken: number
  readonly line: (() => void)[]
}

export function createTurnstile(): Turnstile {
  const places = new Map<string, Place>()
  let inLine = 0

  const take = async (name: string, room: number): Promise<void> => {
    const place = places.get(name) ?? { taken: 0, line: [] }
    places.set(name, place)
    if (place.taken < room) {
      place.taken += 1
      return
    }
    if (inLine >= mostInLine) throw new Refusal('unavailable', { retryAfterSeconds: 1 })
    inLine += 1
    await new Promise<void>(resolve => place.line.push(resolve))
    inLine -= 1
  }

  // INVARIANT: who leaves hands the place on, so nobody who comes in between overtakes.
  const leave = (name: string): void => {
    const place = places.get(name)!
    const next = place.line.shift()
    if (next === undefined) place.taken -= 1
    else next()
    if (place.taken === 0) places.delete(name)
  }

  return {
    async enter(counters) {
      const held: string[] = []
      const leaveAll = () => held.splice(0).forEach(leave)
      try {
        // In the order in which counters are charged: nobody who holds a place waits for one that comes before it.
        for (const { key, rule, isObeyed } of counters) {
          if (!isObeyed) continue
          const name = `${key.kind} ${key.subject}`
          await take(name, Math.max(1, rule.freeTries))
          held.push(name)
        }
        return leaveAll
      } catch (error) {
        leaveAll()
        throw error
      }
    },
  }
}
