import type { EpochMs, Principal, TimeSource } from '../kernel/index.ts'
import type { FeedStream } from './feed-stream.ts'

export interface Follower {
  readonly principal: Principal
  readonly sinceMs: EpochMs
  readonly stream: FeedStream
  /** When its request arrived, by the monotonic clock. */
  readonly arrivedAtMs: number
  readonly untilMs: number
  /** How many events other than beats it was sent. */
  count: number
}

/**
 * A write to a socket takes some 25 µs, whatever is written. For four times as long nothing more is sent, and what comes
 * meanwhile goes out together: no number of changes takes more than about a quarter of a core, and a thousand followers are told
 * of a change at most a tenth of a second late, but at once where it comes alone.
 */
const restForEachMs = 0.1

/** All who follow this node, and what was published and not sent to them yet. */
export class Followers implements Iterable<Follower> {
  readonly #clock: TimeSource
  readonly #all = new Set<Follower>()
  #text = ''
  #count = 0
  #sentAtMs = Number.NEGATIVE_INFINITY
  #timer: NodeJS.Timeout | undefined

  constructor(clock: TimeSource) {
    this.#clock = clock
  }

  get size(): number {
    return this.#all.size
  }

  [Symbol.iterator](): Iterator<Follower> {
    return [...this.#all][Symbol.iterator]()
  }

  /** One that has everything that was published before this call. */
  add(follower: Follower): void {
    this.flush()
    this.#all.add(follower)
  }

  delete(follower: Follower): void {
    this.#all.delete(follower)
  }

  /** Sends the changes, now or together with the next ones. */
  publish(text: string, count: number): void {
    this.#text += text
    this.#count += count
    if (this.#timer !== undefined) return
    const waitMs = this.#sentAtMs + this.#all.size * restForEachMs - this.#clock.monotonicMs()
    if (waitMs <= 0) {
      this.flush()
      return
    }
    this.#timer = setTimeout(() => this.flush(), waitMs)
    this.#timer.unref()
  }

  /** INVARIANT: called before a beat is sent, whose count and hash are of everything that was published. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#count === 0) return
    const [text, count] = [this.#text, this.#count]
    this.#text = ''
    this.#count = 0
    this.#sentAtMs = this.#clock.monotonicMs()
    for (const follower of this) {
      follower.count += count
      follower.stream.push(text)
    }
  }

  /** Ends every stream. */
  finish(): void {
    this.flush()
    for (const { stream } of this) stream.finish()
  }
}
