/** A set of small numbers below a size that all sets of one model share, 32 to a word. */
export type Bits = Uint32Array<ArrayBuffer>

export const emptyBits = (size: number): Bits => new Uint32Array((size + 31) >>> 5)

export function setBit(bits: Bits, number: number): void {
  bits[number >>> 5]! |= 1 << (number & 31)
}

export function addAll(target: Bits, added: Bits): void {
  for (let word = 0; word < target.length; word++) target[word]! |= added[word]!
}

/** What is in the one and not in the other. */
export const withoutBits = (bits: Bits, taken: Bits): Bits =>
  bits.map((word, index) => word & ~taken[index]!) as Bits

export function countBits(bits: Bits): number {
  let count = 0
  // Kernighan: each round takes the lowest bit away.
  for (let word of bits) for (; word !== 0; word &= word - 1) count++
  return count
}

export function isSame(a: Bits, b: Bits): boolean {
  if (a === b) return true
  for (let word = 0; word < a.length; word++) if (a[word] !== b[word]) return false
  return true
}

export function overlaps(a: Bits, b: Bits): boolean {
  for (let word = 0; word < a.length; word++) if ((a[word]! & b[word]!) !== 0) return true
  return false
}

export function numbersIn(bits: Bits): readonly number[] {
  const numbers: number[] = []
  bits.forEach((word, index) => {
    for (let bit = 0; bit < 32; bit++) if ((word >>> bit) & 1) numbers.push(index * 32 + bit)
  })
  return numbers
}
