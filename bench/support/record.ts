import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Compared } from './comparison.ts'
import { showFigure } from './finding-of.ts'
import type { Machine } from './machine.ts'

/** The figures of one run. */
export interface BenchRecord {
  readonly date: string
  readonly quick: boolean
  readonly machine: Machine
  readonly rows: readonly Compared[]
}

/** The committed figures: what the documents show and what a later run is compared with. */
export const committedFile = fileURLToPath(new URL('../last.json', import.meta.url))

export const readRecord = (file: string): BenchRecord | undefined =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as BenchRecord) : undefined

export function writeRecord(file: string, record: BenchRecord): void {
  writeFileSync(file, `${JSON.stringify(record, null, 2)}\n`)
}

/** The new rows in the place of the old ones of the same key; rows that were not measured this time stay. */
export function mergeRows(old: readonly Compared[], now: readonly Compared[]): readonly Compared[] {
  const fresh = new Map(now.map(row => [row.key, row]))
  const kept = old.map(row => fresh.get(row.key) ?? row)
  const known = new Set(old.map(row => row.key))
  return [...kept, ...now.filter(row => !known.has(row.key))]
}

/** By how much a ratio may differ between two runs before somebody should look. */
const fifth = 1.2

/** One line for each ratio that is more than a fifth away from the committed one, in either direction. */
export function movedRatios(old: readonly Compared[], now: readonly Compared[]): string[] {
  const before = new Map(old.map(row => [row.key, row]))
  return now.flatMap(row =>
    (['ceiling', 'peer'] as const).flatMap(against => {
      const [then, current] = [before.get(row.key)?.[against]?.ratio, row[against]?.ratio]
      if (then === undefined || current === undefined) return []
      const factor = current / then
      if (factor <= fifth && factor >= 1 / fifth) return []
      return `${row.key}: ratio to the ${against} was ${showFigure(then)}, is ${showFigure(current)}`
    }),
  )
}
