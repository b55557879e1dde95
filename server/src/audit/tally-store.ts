import type { EpochMs } from '../kernel/index.ts'

export const hourMs = 3_600_000

/** How often one act stands in the audit of one hour. */
export interface HourCount {
  /** When the hour began. */
  readonly hourAtMs: EpochMs
  readonly action: string
  readonly count: number
}

/** Events whose id is above `fromId` and not above `throughId` are tallied, each once; the others are not. */
export interface TallyMark {
  readonly fromId: number
  readonly throughId: number
}

/** A few events, counted; undefined ids where there was none. */
export interface CountedPage {
  readonly counts: readonly HourCount[]
  readonly events: number
  readonly leastId: number | undefined
  readonly greatestId: number | undefined
}

export interface TallyRange {
  /** Not in it. */
  readonly afterId: number
  /** In it; no bound unless given. */
  readonly throughId?: number
}

/**
 * Counts of the audit by hour and action. They follow the ids, not the clock: an event is counted in the hour that it
 * names, whenever it is committed and whatever any clock says by then.
 */
export interface TallyStore {
  /** Undefined before anything was tallied. */
  mark(): Promise<TallyMark | undefined>
  /** The mark and the hours that begin at or after `sinceMs`, as they stood at one instant. */
  read(
    sinceMs: EpochMs,
    actions: readonly string[],
  ): Promise<{ mark: TallyMark | undefined; hours: readonly HourCount[] }>
  /** Counts so many events of the range, those with the least ids or those with the greatest. */
  countEvents(range: TallyRange, from: 'oldest' | 'newest', limit: number): Promise<CountedPage>
  /** Sets the first mark, with nothing tallied; does nothing when there is one. */
  begin(id: number): Promise<void>
  /** Moves the mark and adds what lies between. False, and nothing added, when the mark is not `from` any more. */
  add(counts: readonly HourCount[], from: TallyMark, to: TallyMark): Promise<boolean>
}
