import type { TimeSource } from '../kernel/index.ts'
import { eventText, type FeedRecord } from './feed-record.ts'

/** A snapshot is made once for the followers of so long; those who come later get it with what came since. */
const goodForMs = 10_000
/** One with more than this after it is made anew. */
const mostCharactersSince = 256_000

interface Prepared {
  readonly text: string
  readonly madeAtMs: number
  since: string
  count: number
}

/** The snapshot that new followers begin with, and the changes since: made once for many who come together. */
export class PreparedSnapshot {
  readonly #clock: TimeSource
  readonly #make: () => FeedRecord
  #prepared: Prepared | undefined

  constructor(clock: TimeSource, make: () => FeedRecord) {
    this.#clock = clock
    this.#make = make
  }

  /** Takes what was published. */
  add(text: string, count: number): void {
    if (this.#prepared === undefined) return
    this.#prepared.since += text
    this.#prepared.count += count
    if (this.#prepared.since.length > mostCharactersSince) this.drop()
  }

  drop(): void {
    this.#prepared = undefined
  }

  /** The first events of a follower, and their number; after `gone`, where it asked for what is too old. */
  head(isGone: boolean): { readonly text: string; readonly count: number } {
    const tickMs = this.#clock.monotonicMs()
    if (this.#prepared === undefined || tickMs - this.#prepared.madeAtMs > goodForMs) {
      this.#prepared = { text: eventText(this.#make()), madeAtMs: tickMs, since: '', count: 0 }
    }
    const { text, since, count } = this.#prepared
    const gone = isGone ? eventText({ event: 'gone', data: {} }) : ''
    return { text: gone + text + since, count: count + (isGone ? 2 : 1) }
  }
}
