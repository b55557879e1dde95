import type { Obedience } from './obedience.ts'
import type { OutageFigures } from './outage.ts'

/** Of sorted or unsorted values; the value that this share of them does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

const ms = (value: number) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`

export function formatObedience(kinds: readonly string[], all: readonly Obedience[]): string {
  const row = (name: string, delays: readonly number[]) =>
    `| ${name} | ${delays.length} | ${[0.5, 0.99, 1].map(share => ms(percentile(delays, share))).join(' | ')} |`
  const delaysOf = (kind?: string) =>
    all.filter(one => kind === undefined || one.kind === kind).map(({ delayMs }) => delayMs)
  return [
    '| ended on one node, refused by another | samples | p50 | p99 | max |',
    '|---|--:|--:|--:|--:|',
    ...kinds.map(kind => row(kind, delaysOf(kind))),
    row('all', delaysOf()),
  ].join('\n')
}

export function formatOutages(outages: readonly (readonly [string, OutageFigures])[]): string {
  const row = ([name, it]: readonly [string, OutageFigures]) =>
    `| ${name} | ${it.asked} | ${it.passesInBound} | ${it.rejections} | ${ms(it.slowest503Ms)} | ${ms(it.slowestInBoundMs)} | ${ms(it.recoveryMs)} |`
  return [
    '| the database is … | asked | passed within the bound | 503 | slowest 503 | slowest answer within the bound | passes again after |',
    '|---|--:|--:|--:|--:|--:|--:|',
    ...outages.map(row),
  ].join('\n')
}
