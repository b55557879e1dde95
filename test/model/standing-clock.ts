import type { TestClock } from '../support/world.ts'

/** A clock that moves only when it is told to, so that a seed gives the same run again. */
export function standingClock(): TestClock {
  let nowMs = 1_800_000_000_000
  let tickMs = 0
  return {
    nowMs: () => nowMs,
    monotonicMs: () => tickMs,
    advance: ms => {
      nowMs += ms
      tickMs += ms
    },
    step: ms => {
      nowMs += ms
    },
  }
}
