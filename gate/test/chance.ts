/** Repeatable chance (mulberry32): a failing case fails again. Between 0 and 1. */
export function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export const pick = <Item>(random: () => number, items: readonly Item[]): Item =>
  items[Math.floor(random() * items.length)]!

export const subset = <Item>(random: () => number, items: readonly Item[]): Item[] => {
  const share = random() * 0.5
  return items.filter(() => random() < share)
}

export function shuffled<Item>(random: () => number, items: readonly Item[]): Item[] {
  return items
    .map(item => ({ item, rank: random() }))
    .sort((left, right) => left.rank - right.rank)
    .map(({ item }) => item)
}
