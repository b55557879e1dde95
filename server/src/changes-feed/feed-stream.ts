import { QueuedStream } from '../kernel/index.ts'

/**
 * What waits for one follower. A snapshot may be large and is not counted: it is what the follower asked for. Changes are
 * shared by all followers, so this bounds how far one may fall behind rather than memory.
 */
const mostWaitingCharacters = 1_000_000

/** What waits is sent in pieces of about so many characters: little of it is copied at a time, and no more than is read. */
const charactersPerPiece = 64_000

/**
 * The events of one follower, as it reads them. INVARIANT: nothing is left out. One that cannot keep up is cut off, and goes
 * on from its cursor.
 */
export class FeedStream extends QueuedStream<string> {
  /** Texts of the beginning that wait before all others. */
  #ofBeginning = 0
  #waitingCharacters = 0

  /** The first events, of any length. The texts may be shared with other streams. */
  begin(texts: readonly string[]): void {
    this.#ofBeginning = texts.length
    for (const text of texts) this.add(text)
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
    let [count, length] = [0, 0]
    while (
      count < this.waiting.length &&
      (count === 0 || length + this.waiting[count]!.length <= charactersPerPiece)
    ) {
      length += this.waiting[count]!.length
      count += 1
    }
    for (let at = 0; at < count; at++) this.#taken(this.waiting[at]!)
    return this.waiting.splice(0, count).join('')
  }

  #taken(text: string): void {
    if (this.#ofBeginning > 0) this.#ofBeginning -= 1
    else this.#waitingCharacters -= text.length
  }
}
