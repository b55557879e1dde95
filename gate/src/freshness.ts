/**
 * How long ago the ledger was last read to its end. Instants are readings of a monotonic clock (`performance.now()`): the
 * wall clock may step, and a step must make no old reading new and no new one old.
 */
export interface Freshness {
  markSynced(tickMs: number): void
  isFresh(tickMs: number): boolean
}

export function createFreshness(staleAfterMs: number): Freshness {
  let lastSyncAtMs = Number.NEGATIVE_INFINITY
  return {
    markSynced(tickMs) {
      lastSyncAtMs = tickMs
    },
    // A clock that goes back is not monotonic: the distance counts in both directions. With NaN the comparison is
    // false.
    isFresh: tickMs => Math.abs(tickMs - lastSyncAtMs) <= staleAfterMs,
  }
}
