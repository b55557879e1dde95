import type { Comparison } from './support/comparison.ts'

/** How thorough a run is. */
export interface Effort {
  /** Fewer rounds: enough to see that a bench runs, too few to compare versions by. */
  readonly quick: boolean
  /** One short round of everything: shows that a bench runs, and nothing else. Its figures mean nothing. */
  readonly smoke: boolean
}

/** What one bench has measured, ready to be shown. */
export interface Finding {
  readonly title: string
  /** One sentence: what was measured and how. */
  readonly method: string
  readonly headings: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** What we aim for and where we are. Shown, never asserted: machines and neighbours differ. */
  readonly targets: readonly string[]
  /** The same as figures, for those benches that have a ceiling or a peer: what is kept and compared later. */
  readonly comparisons?: readonly Comparison[]
}

/** What a file of this folder exports. `run` rejects when it could not measure. */
export interface Bench {
  run(effort: Effort): Promise<Finding>
}
