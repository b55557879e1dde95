import type { Effort } from '../bench.ts'

/** How often, and for how long at a time. */
export interface Rounds {
  readonly count: number
  readonly durationMs: number
  readonly warmUpMs: number
}

export function roundsOf({ quick, smoke }: Effort): Rounds {
  if (smoke) return { count: 1, durationMs: 100, warmUpMs: 50 }
  // Whoever has more code is longer in being compiled: less, and it is that which is measured.
  if (quick) return { count: 3, durationMs: 700, warmUpMs: 2_000 }
  return { count: 7, durationMs: 3_000, warmUpMs: 3_000 }
}

/** One thing to measure: a figure each time it is asked. */
export interface Contender<Figure = number> {
  readonly name: string
  measure(durationMs: number): Promise<Figure> | Figure
}

/**
 * Warms each one up, then measures all of them in turn, A B C A B C …, so that what happens on the machine in the
 * meantime happens to all. Gives the figures of each, in the order of the contenders.
 */
export async function interleave<Figure>(
  contenders: readonly Contender<Figure>[],
  { count, durationMs, warmUpMs }: Rounds,
): Promise<Figure[][]> {
  for (const contender of contenders) await attempt(contender, warmUpMs)
  const figures: Figure[][] = contenders.map(() => [])
  for (let round = 0; round < count; round++) {
    for (const [index, contender] of contenders.entries()) {
      figures[index]!.push(await attempt(contender, durationMs))
    }
  }
  return figures
}

async function attempt<Figure>({ name, measure }: Contender<Figure>, durationMs: number): Promise<Figure> {
  try {
    return await measure(durationMs)
  } catch (error) {
    throw new Error(`${name} could not be measured.`, { cause: error })
  }
}
