import type { EpochMs } from '../kernel/index.ts'

/** What one of all nodes does for the others. Each has a row from the migration on. */
export type LeaseName = 'housekeeping'

/** A lease of this length from now on. */
export interface Term {
  readonly nowMs: EpochMs
  readonly lengthMs: number
}

export interface LeaseStore {
  /**
   * Takes the lease, or renews it for its holder; true when `holder` has it now. A lease of another holder is taken
   * only when it has run out. One guarded statement: of any number of callers at one instant, one gets it.
   */
  take(name: LeaseName, holder: string, term: Term): Promise<boolean>
  /** Frees it for the next caller. Does nothing when another holds it by now. */
  giveBack(name: LeaseName, holder: string): Promise<void>
}
