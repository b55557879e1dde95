/**
 * How long ago the ledger was last read to its end. Instants are readings of a monotonic clock (`performance.now()`): the
 * wall clock may step, and a step must make no old reading new and no new one old.
 */
export interface Freshness {
  heard(tickMs: number): void
  isFresh(tickMs: number): boolean
}

export function createFreshness(silenceBoundMs: number): Freshness {
  let heardAtMs = Number.NEGATIVE_INFINITY
  return {
    heard(tickMs) {
      heardAtMs = tickMs
    },
    // A clock that goes back is not monotonic: the distance counts in both directions. With NaN the comparison is
    // false.
    isFresh: tickMs => Math.abs(tickMs - heardAtMs) <= silenceBoundMs,
  }
}
