import { type Sample, summarise } from './statistics.ts'

/** What somebody else did in the same rounds. */
export interface Rival {
  readonly name: string
  /** One figure for each round, beside ours of that round. */
  readonly rounds: readonly number[]
}

/** What a ratio should reach. `at least` where more is better, `at most` where less is. */
export interface Target {
  readonly against: 'ceiling' | 'peer'
  readonly bound: 'at least' | 'at most'
  readonly ratio: number
}

/** What a figure by itself should reach. */
export interface Limit {
  readonly against: 'itself'
  readonly bound: 'at least' | 'at most'
  readonly figure: number
}

/** A name for a row, in the two languages of the README. */
export interface Name {
  readonly en: string
  readonly ru: string
}

/** One row: ours, what the hardware allows, and what people use instead. */
export interface Comparison {
  /** Its name among the committed figures: never changed, never used again. */
  readonly key: string
  readonly what: Name
  /** Such as `/s`, `ms` or `MB`. */
  readonly unit: string
  readonly ours: readonly number[]
  readonly ceiling?: Rival
  readonly peer?: Rival
  readonly targets?: readonly (Target | Limit)[]
}

/** A rival as it is shown and kept. */
export interface ComparedRival extends Sample {
  readonly name: string
  /** Ours divided by theirs, round by round, so that a neighbour on the machine hits both. */
  readonly ratio: number
}

export interface CheckedTarget {
  /** In words, with its figure. */
  readonly text: Name
  readonly met: boolean
}

/** A comparison with its medians and verdicts: what is printed, and what `bench/last.json` keeps. */
export interface Compared {
  readonly key: string
  readonly what: Name
  readonly unit: string
  readonly ours: Sample
  readonly ceiling?: ComparedRival
  readonly peer?: ComparedRival
  readonly targets: readonly CheckedTarget[]
}

export function compare({ key, what, unit, ours, ceiling, peer, targets = [] }: Comparison): Compared {
  const rivals = {
    ...(ceiling && { ceiling: compareRival(ours, ceiling) }),
    ...(peer && { peer: compareRival(ours, peer) }),
  }
  const own = summarise(ours)
  const checked = targets.map(target => checkTarget(target, unit, reached(target, own, rivals)))
  return { key, what, unit, ours: own, ...rivals, targets: checked }
}

function compareRival(ours: readonly number[], { name, rounds }: Rival): ComparedRival {
  if (rounds.length !== ours.length) throw new TypeError(`${name} has not the rounds that ours has.`)
  const ratios = ours.map((figure, round) => figure / rounds[round]!)
  return { name, ...summarise(rounds), ratio: summarise(ratios).median }
}

type Rivals = Pick<Compared, 'ceiling' | 'peer'>

function reached(target: Target | Limit, own: Sample, rivals: Rivals): number {
  if (target.against === 'itself') return own.median
  const rival = rivals[target.against]
  if (rival === undefined) throw new TypeError(`A target speaks of a ${target.against} that the row lacks.`)
  return rival.ratio
}

function checkTarget(target: Target | Limit, unit: string, figure: number): CheckedTarget {
  const met = target.bound === 'at least' ? figure >= wanted(target) : figure <= wanted(target)
  return { text: { en: inEnglish(target, unit), ru: inRussian(target, unit) }, met }
}

const wanted = (target: Target | Limit): number =>
  target.against === 'itself' ? target.figure : target.ratio

const inEnglish = (target: Target | Limit, unit: string): string =>
  target.against === 'itself'
    ? `${target.bound} ${target.figure} ${unit}`
    : `${target.bound} ${target.ratio} of the ${target.against}`

const russianBounds = { 'at least': 'не меньше', 'at most': 'не больше' }
const russianRivals = { ceiling: 'потолка', peer: 'аналога' }

const inRussian = (target: Target | Limit, unit: string): string =>
  target.against === 'itself'
    ? `${russianBounds[target.bound]} ${target.figure} ${unit}`
    : `${russianBounds[target.bound]} ${target.ratio} от ${russianRivals[target.against]}`
