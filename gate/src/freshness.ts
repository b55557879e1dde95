/** How long ago the ledger last spoke. */
export interface Freshness {
  heard(nowMs: number): void
  isFresh(nowMs: number): boolean
}

export function createFreshness(silenceBoundMs: number): Freshness {
  let heardAtMs = Number.NEGATIVE_INFINITY
  return {
    heard(nowMs) {
      heardAtMs = nowMs
    },
    // A clock that was set back must not make an old word new, so the distance counts in both directions.
    isFresh: nowMs => Math.abs(nowMs - heardAtMs) <= silenceBoundMs,
  }
}
