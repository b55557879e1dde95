/** Numbers that look random and follow from the seed alone. */
export interface Chance {
  /** True this often, from 0 to 1. */
  often(share: number): boolean
  /** A whole number from 0, below `bound`. */
  below(bound: number): number
  pick<T>(items: readonly T[]): T
}

/** Mulberry32: 32 bits of state are enough to choose requests with. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (bound: number) => Math.floor(next() * bound)
  return { often: share => next() < share, below, pick: items => items[below(items.length)]! }
}
