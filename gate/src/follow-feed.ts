import type { Change } from './change.ts'
import { assertFeed, FeedBroken, FeedHeld } from './feed-faults.ts'
import type { OpenFeed } from './open-feed.ts'
import { type FeedEvent, readEvents } from './read-events.ts'

/** What a follower does with the events. */
export interface FeedReceiver {
  /** A snapshot as it came, not verified. */
  snapshot(jws: string): Promise<void>
  change(change: Change): void
  /** The server was up to date at this instant of the own monotonic clock, and nothing before it is missing. */
  synced(beat: Beat): void
}

export interface Beat {
  readonly atTickMs: number
  /** The server's clock, in milliseconds since 1970, at about the instant `receivedAtTickMs`. */
  readonly serverTimeMs: number
  readonly receivedAtTickMs: number
  readonly cursor: string
}

/**
 * A beat tells of a reading that is 0.2 s old on a quiet machine, and a second at most: one that looks older is on a stream whose
 * request was held, and so is one whose beats never look as young as they may.
 */
const mostAgeMs = 1_000
const mostAgeOfYoungestMs = 500
/** The first may have come behind a large snapshot, and says nothing. */
const comparedBeats = 4

/** Beats come each second: a connection that is silent for so long is dead, whatever the network says. */
const mostSilentMs = 4_000

const sha256 = async (text: string): Promise<string> => {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return btoa(String.fromCharCode(...digest))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

interface Beaten {
  readonly time: string
  readonly cursor: string
  readonly as_of_ms: number
  readonly count: number
  readonly hash: string
}

/**
 * Follows the feed over one connection, from the cursor on if there is one. Rejects when the connection ends, however it
 * does: with `FeedRejected`, with `FeedBroken`, or with what the network said.
 */
export async function followFeed(
  {
    open,
    url,
    key,
    cursor,
    signal,
    keepsAlive,
    renews,
  }: {
    readonly open: OpenFeed
    readonly url: string
    readonly key: string
    readonly cursor: string | undefined
    readonly signal: AbortSignal
    readonly keepsAlive: () => boolean
    /** Whether to end a stream whose request was held, with `FeedHeld`: once, for where all are slow another helps nothing. */
    readonly renews: boolean
  },
  receiver: FeedReceiver,
): Promise<void> {
  const ending = new AbortController()
  const stop = () => ending.abort(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  let timer: ReturnType<typeof setTimeout> | undefined
  const expectBeat = () => {
    clearTimeout(timer)
    timer = setTimeout(() => ending.abort(new Error(`no beat for ${mostSilentMs} ms`)), mostSilentMs)
    if (!keepsAlive()) unref(timer)
  }
  try {
    expectBeat()
    // INVARIANT: read before the request leaves. A beat tells its age from the moment at which the request arrived, which is
    // later, so that no delay on the way makes knowledge look fresher than it is.
    const askedAtMs = performance.now()
    const headers = {
      accept: 'text/event-stream',
      authorization: `Bearer ${key}`,
      ...(cursor !== undefined && { 'last-event-id': cursor }),
    }
    const { body, unref, ...answer } = await open(url, headers, ending.signal)
    assertFeed(url, answer)
    const stream = new StreamCheck()
    let hasState = cursor !== undefined
    let beats = 0
    let youngestMs = Number.POSITIVE_INFINITY
    for await (const event of readEvents(watched(body, () => beats > 0 || expectBeat()))) {
      if (event.event === 'now') {
        // INVARIANT: a beat vouches for a snapshot of this stream, or for what the cursor stands for; for nothing else.
        if (!hasState) throw new FeedBroken('a beat came before a snapshot')
        const beat = JSON.parse(event.data) as Beaten
        await stream.compare(beat)
        const atTickMs = Math.min(askedAtMs + beat.as_of_ms, performance.now())
        receiver.synced({
          atTickMs,
          serverTimeMs: Date.parse(beat.time),
          receivedAtTickMs: performance.now(),
          cursor: beat.cursor,
        })
        expectBeat()
        if (!keepsAlive()) unref()
        beats += 1
        const ageMs = performance.now() - atTickMs
        if (beats > 1) youngestMs = Math.min(youngestMs, ageMs)
        const isSlow = beats === comparedBeats && youngestMs > mostAgeOfYoungestMs
        if (renews && beats > 1 && (ageMs > mostAgeMs || isSlow))
          throw new FeedHeld(`${url} was slow to answer`)
      } else {
        stream.add(event)
        if (event.event === 'gone') hasState = false
        if (event.event === 'snapshot') {
          await receiver.snapshot(event.data)
          hasState = true
          expectBeat()
        }
        if (event.event === 'change') receiver.change(JSON.parse(event.data) as Change)
      }
    }
    throw new Error(`${url} ended the stream`)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
    ending.abort()
  }
}

/** The first beat comes behind the snapshot, which may take longer over a slow link: until then every piece is a sign of life. */
async function* watched(pieces: AsyncIterable<Uint8Array>, onPiece: () => void): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    onPiece()
    yield piece
  }
}

/** Counts and hashes the events of a stream, as its server does. */
class StreamCheck {
  #count = 0
  /** What the first beat says; before it nothing is hashed. */
  #hash: string | undefined
  #unhashed: string[] = []

  add({ event, data }: FeedEvent): void {
    this.#count += 1
    if (event === 'change' && this.#hash !== undefined) this.#unhashed.push(data)
  }

  async compare({ count, hash }: Beaten): Promise<void> {
    if (count !== this.#count) throw new FeedBroken(`${this.#count} events came of ${count}`)
    if (this.#hash === undefined) this.#hash = hash
    for (const data of this.#unhashed.splice(0)) this.#hash = await sha256(this.#hash + data)
    if (this.#hash !== hash) throw new FeedBroken('an event was altered on the way')
  }
}

/** A timer of Node, Bun and Deno can be told not to keep the process alive; a number cannot. */
export function unref(timer: unknown): void {
  if (typeof timer === 'object' && timer !== null && 'unref' in timer) (timer as { unref(): void }).unref()
}
