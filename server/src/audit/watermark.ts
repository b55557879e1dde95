import type { EpochMs } from '../kernel/index.ts'

/**
 * A transaction is cut off 5 s after it began, and an event's id is taken inside it: twice that after an id was seen,
 * every smaller one is either committed or will never be. A row that appears later was not written by this server.
 */
const settleMs = 10_000

/**
 * How far the audit had come at an earlier look, once that was long enough ago. `monotonicMs` measures how long ago the
 * look was: a step of the wall clock must not settle what has not, or what comes late would pass for a forgery. Without
 * it the instants that are given are taken for that.
 */
export class Watermark {
  readonly #greatestEventId: () => Promise<number>
  readonly #monotonicMs: (() => number) | undefined
  #seen: { readonly id: number; readonly atMs: number } | undefined

  constructor(greatestEventId: () => Promise<number>, monotonicMs?: () => number) {
    this.#greatestEventId = greatestEventId
    this.#monotonicMs = monotonicMs
  }

  /** Up to this id no event can appear any more; undefined while nothing has settled, or the clock was set back. */
  reachedId(nowMs: EpochMs): number | undefined {
    return this.#reachedAt(this.#monotonicMs?.() ?? nowMs)
  }

  /** Looks again, unless the look before has still to settle. */
  async look(nowMs: EpochMs): Promise<void> {
    const atMs = this.#monotonicMs?.() ?? nowMs
    const isSettling =
      this.#seen !== undefined && this.#seen.atMs <= atMs && this.#reachedAt(atMs) === undefined
    if (!isSettling) this.#seen = { id: await this.#greatestEventId(), atMs }
  }

  #reachedAt(atMs: number): number | undefined {
    return this.#seen !== undefined && atMs - this.#seen.atMs >= settleMs ? this.#seen.id : undefined
  }
}
