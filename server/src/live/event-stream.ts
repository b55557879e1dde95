import { QueuedStream } from '../kernel/index.ts'
import type { EndReason } from '../sessions/index.ts'

/** An event that a subscriber gets; `audit` is the body of a row of `GET /audit/`. */
type ServerEvent =
  | { readonly name: 'hello'; readonly data: { readonly session: string } }
  | { readonly name: 'signed_out'; readonly data: { readonly reason: EndReason | null } }
  | { readonly name: 'rights_changed'; readonly data: Readonly<Record<never, never>> }
  | { readonly name: 'audit'; readonly data: object }
  | { readonly name: 'gap'; readonly data: { readonly missed: true } }
  | { readonly name: 'expired'; readonly data: Readonly<Record<never, never>> }

/** HTML Living Standard, section 9.2.5. JSON holds no line break of its own, so the data is one line. */
export const eventText = ({ name, data }: ServerEvent): string =>
  `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`

/** A comment: clients see no event, and every proxy in between sees bytes. */
const heartbeatText = ':\n\n'

/** The most that waits for a client; one that is so far behind gets a `gap`. */
const maxWaiting = 512
/** So many events go out as one piece. */
const maxInPiece = 32

const gap = eventText({ name: 'gap', data: { missed: true } })

interface Waiting {
  readonly text: string
  /** Whether it may be lost when the client is too slow, or may not see it any more. */
  readonly mayBeDropped: boolean
}

/**
 * The events of one client, as it reads them. INVARIANT: its memory is bounded, and it never waits for its client: what a
 * slow one cannot take is dropped, and a `gap` stands in its place. What must be known about the session itself never is.
 */
export class EventStream extends QueuedStream<Waiting> {
  /** Sends an event that is dropped when the client is too slow. */
  sendDroppable(text: string): void {
    if (this.waiting.length >= maxWaiting) {
      this.dropUnsentEvents()
      this.add({ text: gap, mayBeDropped: true })
    }
    this.add({ text, mayBeDropped: true })
  }

  /** Sends an event that is never dropped; the same again, while the first still waits, is not sent. */
  send(text: string): void {
    if (!this.waiting.some(each => each.text === text)) this.add({ text, mayBeDropped: false })
  }

  /** Drops the droppable events that have not gone out yet. */
  dropUnsentEvents(): void {
    this.waiting = this.waiting.filter(({ mayBeDropped }) => !mayBeDropped)
  }

  /** Sends a heartbeat; a client that has something to read needs none. */
  beat(): void {
    if (this.waiting.length === 0) this.add({ text: heartbeatText, mayBeDropped: true })
  }

  /** Sends the last event and ends: it is all that still goes out. */
  finish(lastEvent?: string): void {
    if (this.isOver) return
    this.waiting = []
    if (lastEvent !== undefined) this.add({ text: lastEvent, mayBeDropped: false })
    this.end()
  }

  protected takePiece(): string {
    return this.waiting
      .splice(0, maxInPiece)
      .map(({ text }) => text)
      .join('')
  }
}
