import type { TestClock } from './world.ts'

/** A clock that moves only when a test moves it, so that a seed gives the same run again. */
export function stoppedClock(): TestClock {
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
