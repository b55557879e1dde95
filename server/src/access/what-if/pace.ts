import { setImmediate } from 'node:timers/promises'

/**
 * Yields to the event loop after each portion of work, so that a large preview delays other requests by one portion at
 * most. The unit is one permission that is looked at, some 0.2 µs; a pass over bits counts by `unitsOfWords`.
 */
export class Pace {
  readonly #turn: () => Promise<void>
  #done = 0

  constructor(turn: () => Promise<void> = setImmediate) {
    this.#turn = turn
  }

  /**
   * Notes that so much was done. A promise where a portion is full: others go on meanwhile. INVARIANT: between two turns lie
   * no more than `unitsPerPortion` and the last thing that was noted.
   */
  did(units: number): Promise<void> | undefined {
    this.#done += units
    if (this.#done < unitsPerPortion) return undefined
    this.#done = 0
    return this.#turn()
  }
}

/** Some 2 ms. */
export const unitsPerPortion = 10_000

/** What some passes over so many words of bits count. */
export const unitsOfWords = (words: number, passes: number): number => (words * passes) / 50
