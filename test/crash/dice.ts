/** Chance that can be repeated: the same seed makes the same choices. What the machine does with them is its own affair. */
export interface Dice {
  /** A whole number from 0 to one below the limit. */
  below(limit: number): number
  pick<T>(list: readonly T[]): T | undefined
  /** Up to `count` different ones. */
  sample<T>(list: readonly T[], count: number): T[]
  /** One of the names, each as likely as its weight says. */
  weighted<Name extends string>(weights: Readonly<Partial<Record<Name, number>>>): Name
}

export function dice(seed: number): Dice {
  let state = seed >>> 0
  // The generator mulberry32: 32 bits of state are plenty for choosing what to do next.
  const unit = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(unit() * limit)
  return {
    below,
    pick: list => list[below(list.length)],
    sample(list, count) {
      const left = [...list]
      const taken = []
      while (taken.length < count && left.length > 0) taken.push(...left.splice(below(left.length), 1))
      return taken
    },
    weighted<Name extends string>(weights: Readonly<Partial<Record<Name, number>>>): Name {
      const entries = Object.entries(weights) as [Name, number][]
      let rest = unit() * entries.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [name, weight] of entries) {
        rest -= weight
        if (rest < 0) return name
      }
      return entries.at(-1)![0]
    },
  }
}
