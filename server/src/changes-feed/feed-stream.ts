import { QueuedStream } from '../kernel/index.ts'

/**
 * What waits for one follower. A snapshot may be large and is not counted: it is what the follower asked for. Changes are
 * shared by all followers, so this bounds how far one may fall behind rather than memory.
 */
const mostWaitingCharacters = 1_000_000

/**
 * The events of one follower, as it reads them. INVARIANT: nothing is left out. One that cannot keep up is cut off, and goes
 * on from its cursor.
 */
export class FeedStream extends QueuedStream<string> {
  #waitingCharacters = 0

  /** The first events, of any length. */
  begin(text: string): void {
    this.add(text)
  }

  /** More of them. Cuts the follower off where too many wait already. */
  push(text: string): void {
    this.#waitingCharacters += text.length
    if (this.#waitingCharacters > mostWaitingCharacters) this.finish()
    else this.add(text)
  }

  /** Ends the stream; what waits is not sent any more. */
  finish(): void {
    this.waiting = []
    this.end()
  }

  protected takePiece(): string {
    const text = this.waiting.join('')
    this.waiting = []
    this.#waitingCharacters = 0
    return text
  }
}
