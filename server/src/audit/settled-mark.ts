import type { EpochMs } from '../kernel/index.ts'

/**
 * A transaction is cut off 5 s after it began, and an event's id is taken inside it: twice that after an id was seen,
 * every smaller one is either committed or will never be. What turns up later was not written by this server.
 */
export const settleMs = 10_000

/** How far the audit had come at an earlier look, once that was long enough ago. */
export interface SettledMark {
  /** Up to this id no event can appear any more; undefined while nothing has settled, or the clock was set back. */
  settledId(nowMs: EpochMs): number | undefined
  /** Looks again, unless the look before has still to settle. */
  look(nowMs: EpochMs): Promise<void>
}

export function createSettledMark(greatestEventId: () => Promise<number>): SettledMark {
  let seen: { readonly id: number; readonly atMs: EpochMs } | undefined
  const settledId = (nowMs: EpochMs) =>
    seen !== undefined && nowMs - seen.atMs >= settleMs ? seen.id : undefined
  return {
    settledId,
    async look(nowMs) {
      const isUnderWay = seen !== undefined && seen.atMs <= nowMs && settledId(nowMs) === undefined
      if (!isUnderWay) seen = { id: await greatestEventId(), atMs: nowMs }
    },
  }
}
