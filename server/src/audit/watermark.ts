import type { EpochMs } from '../kernel/index.ts'

/**
 * A transaction is cut off 5 s after it began, and an event's id is taken inside it: twice that after an id was seen,
 * every smaller one is either committed or will never be. A row that appears later was not written by this server.
 */
const settleMs = 10_000

/**
 * How far the audit had come at an earlier look, once that was long enough ago. `monotonicMs` measures how long ago the look was: a step of the wall clock must not settle what has not, or what comes
 * late would pass for a forgery. Without it the instants that are given are taken for that.
 */
export function createWatermark(
  greatestEventId: () => Promise<number>,
  monotonicMs?: () => number,
): {
  /** Up to this id no event can appear any more; undefined while nothing has settled, or the clock was set back. */
  reachedId(nowMs: EpochMs): number | undefined
  /** Looks again, unless the look before has still to settle. */
  look(nowMs: EpochMs): Promise<void>
} {
  let seen: { readonly id: number; readonly atMs: number } | undefined
  const instantOf = (nowMs: EpochMs) => monotonicMs?.() ?? nowMs
  const reachedAt = (atMs: number) =>
    seen !== undefined && atMs - seen.atMs >= settleMs ? seen.id : undefined
  return {
    reachedId: nowMs => reachedAt(instantOf(nowMs)),
    async look(nowMs) {
      const atMs = instantOf(nowMs)
      const isSettling = seen !== undefined && seen.atMs <= atMs && reachedAt(atMs) === undefined
      if (!isSettling) seen = { id: await greatestEventId(), atMs }
    },
  }
}
