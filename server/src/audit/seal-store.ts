import type { EpochMs } from '../kernel/index.ts'
import type { Cut } from './cut.ts'
import type { Seal, SealedColumns } from './seal.ts'

/** Ids from which and up to which: `afterId` is not in it, `throughId` is. No lower bound where there is no seal before. */
export interface EventRange {
  readonly afterId: number | null
  readonly throughId: number
}

export interface EventToSeal {
  readonly id: number
  readonly columns: SealedColumns
}

/** The chain of seals. Append-only: the database itself refuses to change or delete a row. */
export interface SealStore {
  newest(): Promise<Seal | undefined>
  find(position: number): Promise<Seal | undefined>
  /** In the order of their positions. */
  listAfter(position: number, limit: number): Promise<readonly Seal[]>
  /** False when another node has sealed meanwhile: that seal stands, and this one is left. */
  append(seal: Seal): Promise<boolean>
  /** The greatest id among the committed events; 0 when there is none. */
  greatestEventId(): Promise<number>
  /** In the order of their ids. */
  readEvents(range: EventRange, limit: number): Promise<readonly EventToSeal[]>
  countEvents(range: EventRange): Promise<number>
  countEventsAfter(id: number): Promise<number>
  firstEventAfter(id: number): Promise<{ readonly id: number; readonly atMs: EpochMs } | undefined>
  /** The checkpoint that stands beside the chain; undefined when it is not there. */
  readAnchor(): Promise<string | undefined>
  writeAnchor(checkpoint: string): Promise<void>
  /** The cut that reaches furthest. */
  newestCut(): Promise<Cut | undefined>
  /** False when there is one already that reaches exactly as far. */
  appendCut(cut: Cut): Promise<boolean>
  /** Deletes events up to this id, those with the least ids first; gives their number. The database refuses it beyond the newest cut. */
  deleteEventsThrough(id: number, limit: number): Promise<number>
}
