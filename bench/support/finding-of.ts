import type { Finding } from '../bench.ts'
import { type Compared, type ComparedRival, type Comparison, compare } from './comparison.ts'
import type { Sample } from './statistics.ts'

interface Measured {
  readonly title: string
  readonly method: string
  readonly comparisons: readonly Comparison[]
  /** What a reader must know beside the figures, where we lose first of all. */
  readonly notes?: readonly string[]
}

export const comparisonHeadings = ['', 'ours', 'ceiling', 'ratio', 'peer', 'ratio', 'to reach', 'met']

/** Comparisons as a table of eight columns. */
export function findingOf({ title, method, comparisons, notes = [] }: Measured): Finding {
  const rows = comparisons.map(comparison => rowOf(compare(comparison)))
  return { title, method, headings: comparisonHeadings, rows, targets: notes, comparisons }
}

function rowOf({ what, unit, ours, ceiling, peer, targets }: Compared): string[] {
  return [
    `${what.en}, ${unit}`,
    showSample(ours),
    ...rivalCells(ceiling),
    ...rivalCells(peer),
    targets.map(target => target.text.en).join('; ') || '-',
    targets.map(target => (target.met ? 'yes' : 'NO')).join('; ') || '-',
  ]
}

const rivalCells = (rival: ComparedRival | undefined): string[] =>
  rival === undefined ? ['-', '-'] : [`${rival.name} ${showSample(rival)}`, showFigure(rival.ratio)]

/** The median, and how far half the spread reaches around it. */
const showSample = ({ median, least, most }: Sample): string =>
  `${showFigure(median)} ±${median === 0 ? 0 : Math.round(((most - least) / 2 / median) * 100)}%`

/** Three digits that count. */
export function showFigure(figure: number): string {
  if (figure >= 1000) return Math.round(figure).toLocaleString('en-GB')
  return String(Number(figure.toPrecision(3)))
}
