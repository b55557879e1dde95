/** The name that was probably meant, or undefined when none is near enough to be worth a suggestion. */
export function closestName(presented: string, names: readonly string[]): string | undefined {
  // Typing errors are short; a longer input is not a misspelt name, and its distance would cost quadratic time.
  if (presented.length > 100) return undefined
  let best: { name: string; distance: number } | undefined
  for (const name of names) {
    const distance = editDistance(presented.toLowerCase(), name.toLowerCase())
    if (best === undefined || distance < best.distance) best = { name, distance }
  }
  const tolerated = Math.max(1, Math.floor(presented.length / 4))
  return best !== undefined && best.distance <= tolerated ? best.name : undefined
}

/** How many letters to insert, drop, replace or swap with their neighbour (optimal string alignment). */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const replaced = last[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1)
      let least = Math.min(last[column]! + 1, current[column - 1]! + 1, replaced)
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      if (swapped && row > 1 && column > 1) least = Math.min(least, beforeLast[column - 2]! + 1)
      current.push(least)
    }
    beforeLast = last
    last = current
  }
  return last[to.length]!
}
