/** A set of small numbers, 32 to a word. */
export type Bits = Uint32Array

export function toBits(numbers: readonly number[]): Bits {
  const highest = numbers.reduce((most, number) => Math.max(most, number), -1)
  const bits = new Uint32Array((highest + 32) >>> 5)
  for (const number of numbers) bits[number >>> 5]! |= 1 << (number & 31)
  return bits
}

export function unionOf(sets: readonly Bits[]): Bits {
  const union = new Uint32Array(sets.reduce((most, set) => Math.max(most, set.length), 0))
  for (const set of sets) for (let word = 0; word < set.length; word++) union[word]! |= set[word]!
  return union
}

export function hasBit(bits: Bits, number: number): boolean {
  const word = number >>> 5
  return word < bits.length && ((bits[word]! >>> (number & 31)) & 1) === 1
}
