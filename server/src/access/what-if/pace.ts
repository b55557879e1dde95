import { setImmediate } from 'node:timers/promises'

/**
 * Yields to the event loop after each portion of work, so that a large preview delays other requests by one portion at
 * most. The unit is one permission that is looked at, some 0.2 µs; a pass over bits counts by `unitsOfWords`.
 */
export interface Pace {
  /** Notes that so much was done. A promise where a portion is full: others go on meanwhile. */
  did(units: number): Promise<void> | undefined
}

/** Some 2 ms. */
export const unitsPerPortion = 10_000

/** INVARIANT: between two turns lie no more than `unitsPerTurn` and the last thing that was noted. */
export function createPace(turn: () => Promise<void> = setImmediate): Pace {
  let done = 0
  return {
    did(units) {
      done += units
      if (done < unitsPerPortion) return undefined
      done = 0
      return turn()
    },
  }
}

/** What some passes over so many words of bits count. */
export const unitsOfWords = (words: number, passes: number): number => (words * passes) / 50
