import type { TimeSource } from '../../server/src/kernel/index.ts'

/** How far the wall clock of a node may be from the true time, either way. */
export const maxSkewMs = 120_000

/** Time as it is, which no node knows. It passes only when it is told to. */
export interface TrueTime {
  readonly tickMs: number
  pass(ms: number): void
}

export function trueTime(): TrueTime {
  let tickMs = 0
  return {
    get tickMs() {
      return tickMs
    },
    pass(ms) {
      tickMs += ms
    },
  }
}

/** The clocks of one node: a wall clock that is wrong, and a monotonic one that began at some instant of its own. */
export interface SkewedClock extends TimeSource {
  skewMs: number
}

export function skewedClock(time: TrueTime, skewMs: number, monotonicFromMs: number): SkewedClock {
  return {
    skewMs,
    nowMs() {
      return 1_800_000_000_000 + time.tickMs + this.skewMs
    },
    monotonicMs: () => monotonicFromMs + time.tickMs,
  }
}
