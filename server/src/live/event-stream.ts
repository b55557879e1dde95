import { eventText, heartbeatText } from './server-event.ts'

/** The most that waits for a client; one that is so far behind is told that it has missed something. */
const mostWaiting = 512
/** So many events go out as one piece. */
const mostInPiece = 32

const gap = eventText({ name: 'gap', data: { missed: true } })

interface Waiting {
  readonly text: string
  /** Whether it may be lost when the client is too slow, or may not see it any more. */
  readonly isNews: boolean
}

/**
 * The events of one client, as it reads them. INVARIANT: its memory is bounded, and it never waits for its client: what a
 * slow one cannot take is dropped, and a `gap` stands in its place. What must be known about the session itself never is.
 */
export class EventStream implements AsyncIterableIterator<string, undefined> {
  readonly #onEnd: () => void
  #waiting: Waiting[] = []
  #reader: ((result: IteratorResult<string, undefined>) => void) | undefined
  #isOver = false

  constructor(onEnd: () => void) {
    this.#onEnd = onEnd
  }

  /** Something that the client may miss. */
  news(text: string): void {
    if (this.#waiting.length >= mostWaiting) {
      this.dropNews()
      this.#add({ text: gap, isNews: true })
    }
    this.#add({ text, isNews: true })
  }

  /** Something that it must know; the same again, while the first still waits, says nothing new. */
  tell(text: string): void {
    if (!this.#waiting.some(each => each.text === text)) this.#add({ text, isNews: false })
  }

  /** Takes back the news that has not gone out yet. */
  dropNews(): void {
    this.#waiting = this.#waiting.filter(({ isNews }) => !isNews)
  }

  /** A client that has something to read needs no sign of life. */
  beat(): void {
    if (this.#waiting.length === 0) this.#add({ text: heartbeatText, isNews: true })
  }

  /** Says the last words and ends: they are all that still goes out. */
  finish(lastWords?: string): void {
    if (this.#isOver) return
    this.#waiting = []
    if (lastWords !== undefined) this.#add({ text: lastWords, isNews: false })
    this.#end()
  }

  async next(): Promise<IteratorResult<string, undefined>> {
    if (this.#waiting.length > 0) return { done: false, value: this.#takePiece() }
    if (this.#isOver) return { done: true, value: undefined }
    return await new Promise(resolve => {
      this.#reader = resolve
    })
  }

  /** The client has gone. */
  async return(): Promise<IteratorResult<string, undefined>> {
    this.#waiting = []
    this.#end()
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #add(each: Waiting): void {
    if (this.#isOver) return
    this.#waiting.push(each)
    const reader = this.#reader
    this.#reader = undefined
    reader?.({ done: false, value: this.#takePiece() })
  }

  #takePiece(): string {
    return this.#waiting
      .splice(0, mostInPiece)
      .map(({ text }) => text)
      .join('')
  }

  #end(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#reader?.({ done: true, value: undefined })
    this.#reader = undefined
    this.#onEnd()
  }
}
