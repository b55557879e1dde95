/**
 * What waits for one follower. A snapshot may be large and is not counted: it is what the follower asked for. Changes are
 * shared by all followers, so this bounds how far one may fall behind rather than memory.
 */
const mostWaitingCharacters = 1_000_000

/**
 * The events of one follower, as it reads them. INVARIANT: nothing is left out. One that cannot keep up is cut off, and goes
 * on from its cursor.
 */
export class FeedStream implements AsyncIterableIterator<string, undefined> {
  readonly #onEnd: () => void
  #waiting: string[] = []
  #waitingCharacters = 0
  #reader: ((result: IteratorResult<string, undefined>) => void) | undefined
  #isOver = false

  constructor(onEnd: () => void) {
    this.#onEnd = onEnd
  }

  /** The first events, of any length. */
  begin(text: string): void {
    if (!this.#isOver) this.#add(text)
  }

  /** More of them. Cuts the follower off where too many wait already. */
  push(text: string): void {
    if (this.#isOver) return
    this.#waitingCharacters += text.length
    if (this.#waitingCharacters > mostWaitingCharacters) this.finish()
    else this.#add(text)
  }

  /** Ends the stream; what waits is not sent any more. */
  finish(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#waiting = []
    this.#reader?.({ done: true, value: undefined })
    this.#reader = undefined
    this.#onEnd()
  }

  async next(): Promise<IteratorResult<string, undefined>> {
    if (this.#waiting.length > 0) return { done: false, value: this.#takeAll() }
    if (this.#isOver) return { done: true, value: undefined }
    return await new Promise(resolve => {
      this.#reader = resolve
    })
  }

  /** The client has gone. */
  async return(): Promise<IteratorResult<string, undefined>> {
    this.finish()
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #add(text: string): void {
    this.#waiting.push(text)
    const reader = this.#reader
    this.#reader = undefined
    reader?.({ done: false, value: this.#takeAll() })
  }

  #takeAll(): string {
    const text = this.#waiting.length === 1 ? this.#waiting[0]! : this.#waiting.join('')
    this.#waiting = []
    this.#waitingCharacters = 0
    return text
  }
}
