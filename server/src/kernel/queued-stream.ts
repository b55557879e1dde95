/**
 * The text of one reader, as it reads it: what was added waits until the reader asks, and a reader who asked first waits for
 * it. How much may wait, and what goes out as one piece, is the subclass's to say.
 */
export abstract class QueuedStream<Item> implements AsyncIterableIterator<string, undefined> {
  protected waiting: Item[] = []
  readonly #onEnd: () => void
  #reader: ((result: IteratorResult<string, undefined>) => void) | undefined
  #isOver = false

  /** `onEnd` is called once, whichever side ends the stream. */
  constructor(onEnd: () => void) {
    this.#onEnd = onEnd
  }

  /** Takes some of what waits, which is not empty. */
  protected abstract takePiece(): string

  protected get isOver(): boolean {
    return this.#isOver
  }

  protected add(item: Item): void {
    if (this.#isOver) return
    this.waiting.push(item)
    const reader = this.#reader
    this.#reader = undefined
    reader?.({ done: false, value: this.takePiece() })
  }

  /** Nothing can be added any more; what waits still goes out. */
  protected end(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#reader?.({ done: true, value: undefined })
    this.#reader = undefined
    this.#onEnd()
  }

  async next(): Promise<IteratorResult<string, undefined>> {
    if (this.waiting.length > 0) return { done: false, value: this.takePiece() }
    if (this.#isOver) return { done: true, value: undefined }
    return await new Promise(resolve => {
      this.#reader = resolve
    })
  }

  /** The reader has gone. */
  async return(): Promise<IteratorResult<string, undefined>> {
    this.waiting = []
    this.end()
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}
