import type { HourCount } from './tally-store.ts'

/** Adds up counts of the same hour and act. */
export interface HourCounts {
  add(counts: readonly HourCount[]): void
  list(): readonly HourCount[]
}

export function createHourCounts(): HourCounts {
  const sums = new Map<string, HourCount>()
  return {
    add(counts) {
      for (const each of counts) {
        const key = `${each.hourAtMs} ${each.action}`
        sums.set(key, { ...each, count: each.count + (sums.get(key)?.count ?? 0) })
      }
    },
    list: () => [...sums.values()],
  }
}
