import type { ActKind } from './acts.ts'
import type { ProbeKind } from './probes.ts'

export type Victim =
  | 'server'
  | 'server while it starts'
  | 'server at its very first start'
  | 'PostgreSQL, the server lives on'
  | 'PostgreSQL and the server'
  | 'one connection of PostgreSQL'

export interface Figures {
  kills: number
  readonly victims: Map<Victim, number>
  readonly acknowledged: Map<ActKind, number>
  readonly probes: Map<ProbeKind, number>
  /** Acts that were under way when the kill came. */
  stored: number
  absent: number
  accountsCompared: number
  readonly startMs: number[]
}

export const noFigures = (): Figures => ({
  kills: 0,
  victims: new Map(),
  acknowledged: new Map(),
  probes: new Map(),
  stored: 0,
  absent: 0,
  accountsCompared: 0,
  startMs: [],
})

export const count = <Key>(counts: Map<Key, number>, key: Key): void =>
  void counts.set(key, (counts.get(key) ?? 0) + 1)

/** The figures of a run as a Markdown table. */
export function formatFigures(figures: Figures): string {
  const { startMs } = figures
  const sorted = [...startMs].sort((a, b) => a - b)
  const at = (share: number) => `${Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0)} ms`
  return [
    ['kills', figures.kills],
    ...rowsOf('of them: ', figures.victims),
    ['acts acknowledged', sum(figures.acknowledged)],
    ...rowsOf('of them: ', figures.acknowledged),
    ['acts under way at a kill', figures.stored + figures.absent],
    ['of them: stored whole', figures.stored],
    ['of them: not stored at all', figures.absent],
    ['accounts compared', figures.accountsCompared],
    ['questions asked afterwards', sum(figures.probes)],
    ...rowsOf('of them: ', figures.probes),
    ['starts: median, slowest', `${at(0.5)}, ${at(1)}`],
  ]
    .map(([name, value]) => `| ${name} | ${value} |`)
    .join('\n')
}

const sum = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((a, b) => a + b, 0)

const rowsOf = (prefix: string, counts: ReadonlyMap<string, number>): [string, number][] =>
  [...counts].sort(([, a], [, b]) => b - a).map(([name, value]) => [prefix + name, value])
