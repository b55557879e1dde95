/** How thorough a run is. */
export interface Effort {
  /** Fewer rounds: enough to see that a bench runs, too few to compare versions by. */
  readonly quick: boolean
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
}

/** What a file of this folder exports. `run` rejects when it could not measure. */
export interface Bench {
  run(effort: Effort): Promise<Finding>
}
