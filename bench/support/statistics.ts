/** The middle and the edges of what was measured; a median, since a neighbour on the machine only ever adds time. */
export interface Sample {
  readonly median: number
  readonly least: number
  readonly most: number
}

/** Throws a TypeError when there is nothing to summarise. */
export function summarise(values: readonly number[]): Sample {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const below = sorted[Math.ceil(middle) - 1]
  const above = sorted[Math.floor(middle)]
  if (below === undefined || above === undefined) throw new TypeError('Nothing was measured.')
  return { median: (below + above) / 2, least: sorted[0]!, most: sorted.at(-1)! }
}
