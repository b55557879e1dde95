import { createHash } from 'node:crypto'
import type { Change, SnapshotLists } from '@propusk/gate/core'
import type { ChangeFeed, LedgerPosition } from '../changes/index.ts'
import {
  type EpochMs,
  type Principal,
  type Random,
  Rejection,
  type TimeSource,
  toRfc3339,
} from '../kernel/index.ts'
import { CallerChecks } from './caller-checks.ts'
import type { CursorCodec } from './cursor.ts'
import {
  changeText,
  eventText,
  type Head,
  headOfSnapshot,
  headOfTail,
  orderOf,
  recordsOfSnapshot,
  recordsOfTail,
  type SnapshotClaims,
} from './feed-record.ts'
import { FeedStream } from './feed-stream.ts'
import { type Follower, Followers } from './followers.ts'
import { NextChange } from './next-change.ts'
import { type Place, PlacesOfCallers } from './places-of-callers.ts'
import { PreparedSnapshot, type SnapshotInMaking } from './prepared-snapshot.ts'

interface FeedDeps {
  readonly gate: { capture(): SnapshotLists }
  readonly ledger: Pick<ChangeFeed, 'readAfter'>
  /** How long ago the reading began that the gate of this node goes by. */
  readonly ageMs: () => number
  readonly staleAfterMs: number
  /** The JWS in pieces, made in slices. */
  readonly sign: (claims: SnapshotClaims, lists: SnapshotLists, nowMs: EpochMs) => Promise<readonly string[]>
  readonly cursors: CursorCodec
  readonly clock: TimeSource
  readonly random: Random
  readonly isStillPermitted: (principal: Principal, sinceMs: EpochMs) => Promise<boolean>
  readonly report: (cause: unknown) => void
}

/** How often followers are sent that the node itself is up to date. */
const beatEveryMs = 1_000
/** Ids of changes that this process committed, for when a reading brings them. */
const rememberedChanges = 10_000
/**
 * A stream is ended after about so long, and its follower comes back: how long ago a beat was made follows from two
 * monotonic clocks, which drift apart (ADR 39).
 */
const streamForMs = 900_000

/**
 * A key serves a whole installation of services, a thousand of them; whatever it does, it leaves room for the others. Streams
 * and waiting polls count alike.
 */
export const feedLimits = { perNode: 2_000, perCaller: 1_200 } as const

/** The changes of this node's gate, passed on to gates in other processes (ADR 39). */
export class ChangesFeed {
  readonly #deps: FeedDeps
  readonly #followers: Followers
  /** What is published while the tail of a new follower is read. */
  readonly #meanwhile = new Set<string[]>()
  readonly #waiting = new Set<() => void>()
  readonly #places = new PlacesOfCallers(feedLimits)
  #position: LedgerPosition | undefined
  /** Of every change that this node published, each with the hash of those before it. */
  #hash = ''
  /** Published when this process committed them, and not again when a reading brings them. */
  readonly #published = new Set<number>()
  readonly #snapshots: PreparedSnapshot
  readonly #checks: CallerChecks
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(deps: FeedDeps) {
    this.#deps = deps
    this.#followers = new Followers(deps.clock)
    this.#checks = new CallerChecks(deps.isStillPermitted)
    this.#snapshots = new PreparedSnapshot(deps.clock, () => this.#takeSnapshot())
  }

  get count(): number {
    return this.#followers.size
  }

  /** Takes changes that the gate has just taken, whether this process committed them or a reading brought them. */
  received(changes: readonly Change[]): void {
    const news = changes.filter(change => !this.#published.delete(change.id))
    for (const change of news) this.#published.add(change.id)
    for (const id of this.#published) {
      if (this.#published.size <= rememberedChanges) break
      this.#published.delete(id)
    }
    if (news.length === 0) return
    this.#publish(news)
    for (const wake of this.#waiting) wake()
  }

  /** A reading has brought everything up to this position. */
  reached(position: LedgerPosition): void {
    this.#position = position
  }

  /** The gate was loaded anew, by another history perhaps: every follower starts over with a snapshot. */
  loaded(): void {
    this.#snapshots.drop()
    // Another history gives the same ids to other changes.
    this.#published.clear()
    this.#followers.finish()
    for (const wake of this.#waiting) wake()
  }

  /**
   * The events from the cursor on, or from a snapshot on where there is none or it is too old (`gone`). Rejects with
   * `unavailable` while this node is behind, and with `too_many_requests`.
   */
  async follow(principal: Principal, cursor: string | undefined): Promise<FeedStream> {
    this.#assertUpToDate()
    const place = this.#places.take(principal)
    try {
      return await this.#open(principal, cursor, place)
    } catch (cause) {
      place[Symbol.dispose]()
      throw cause
    }
  }

  async #open(principal: Principal, cursor: string | undefined, place: Place): Promise<FeedStream> {
    const { clock, random } = this.#deps
    const arrivedAtMs = clock.monotonicMs()
    const stream = new FeedStream(() => {
      this.#followers.delete(follower)
      place[Symbol.dispose]()
    })
    const spread = random.bytes(1)[0]! / 255
    const follower: Follower = {
      principal,
      sinceMs: clock.nowMs(),
      stream,
      arrivedAtMs,
      untilMs: arrivedAtMs + streamForMs * (0.8 + 0.4 * spread),
      count: 0,
    }
    await this.#withHead(cursor, ({ pieces, count }) => {
      this.#assertUpToDate()
      follower.count = count
      this.#followers.add(follower)
      const retry = `retry: ${Math.round(500 + 2_000 * spread)}\n\n`
      stream.begin([retry, ...pieces, this.#beatOf(follower, this.#cursor())])
    })
    this.#schedule()
    return stream
  }

  /**
   * INVARIANT: every change after the cursor is in the head that `begin` is called with, or published after that call. With a
   * tail that is: in the tail, or in what was published while it was read.
   */
  async #withHead(cursor: string | undefined, begin: (head: Head) => void): Promise<void> {
    const meanwhile: string[] = []
    this.#meanwhile.add(meanwhile)
    try {
      const tail = await this.#readTail(cursor)
      if (tail !== undefined) return begin(headOfTail(tail.changes, meanwhile))
    } finally {
      this.#meanwhile.delete(meanwhile)
    }
    await this.#snapshots.get(prepared => begin(headOfSnapshot(prepared, cursor !== undefined)))
  }

  /** The same records as one JSON text in pieces: waits up to `waitMs` for the first change after the cursor. */
  async poll(principal: Principal, cursor: string | undefined, waitMs: number): Promise<readonly string[]> {
    const { clock } = this.#deps
    this.#assertUpToDate()
    using _ = this.#places.take(principal)
    const arrivedAtMs = clock.monotonicMs()
    for (;;) {
      using change = new NextChange(this.#waiting, waitMs - (clock.monotonicMs() - arrivedAtMs))
      const asOfMs = clock.monotonicMs() - arrivedAtMs
      const tail = await this.#readTail(cursor, 'proof')
      if (tail === undefined) return await this.#pollSnapshot(cursor !== undefined, arrivedAtMs)
      const isOver = this.#isClosed || clock.monotonicMs() - arrivedAtMs >= waitMs
      if (isOver || tail.changes.length > 0) {
        const next = this.#deps.cursors.encode(tail.position, clock.nowMs())
        return recordsOfTail(tail.changes, next, this.#now(asOfMs))
      }
      await change.happened
    }
  }

  #pollSnapshot(isGone: boolean, arrivedAtMs: number): Promise<readonly string[]> {
    return this.#snapshots.get(prepared => {
      this.#assertUpToDate()
      const now = this.#now(this.#knownAtMs() - arrivedAtMs)
      return recordsOfSnapshot(prepared, { isGone, cursor: this.#cursor(), now })
    })
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
    this.#followers.finish()
    for (const wake of this.#waiting) wake()
  }

  /** Whether the reading that the node goes by is recent enough to vouch for it. */
  #isUpToDate(): boolean {
    return this.#deps.ageMs() <= this.#deps.staleAfterMs
  }

  #assertUpToDate(): void {
    if (this.#isClosed || this.#position === undefined || !this.#isUpToDate()) {
      throw new Rejection('unavailable', { retryAfterSeconds: 1 })
    }
  }

  async #readTail(cursor: string | undefined, proof: 'proof' | 'no proof' = 'no proof') {
    const position =
      cursor === undefined ? undefined : this.#deps.cursors.decode(cursor, this.#deps.clock.nowMs())
    return position === undefined ? undefined : await this.#deps.ledger.readAfter(position, proof)
  }

  #publish(changes: readonly Change[]): void {
    const published = changes.map(change => JSON.stringify(change))
    for (const data of published)
      this.#hash = createHash('sha256').update(this.#hash).update(data).digest('base64url')
    for (const meanwhile of this.#meanwhile) meanwhile.push(...published)
    this.#snapshots.add(published)
    this.#followers.publish(published.map(changeText).join(''), published.length)
  }

  #takeSnapshot(): SnapshotInMaking {
    const { gate, sign, clock } = this.#deps
    const cursor = this.#cursor()
    const claims = { cursor, ...orderOf(this.#position!) }
    return { cursor, pieces: sign(claims, gate.capture(), clock.nowMs()) }
  }

  /** When the reading began that the node goes by. */
  #knownAtMs(): number {
    return this.#deps.clock.monotonicMs() - this.#deps.ageMs()
  }

  #now(asOfMs: number) {
    return { time: toRfc3339(this.#deps.clock.nowMs()), as_of_ms: Math.round(asOfMs) }
  }

  #cursor(): string {
    return this.#deps.cursors.encode(this.#position!, this.#deps.clock.nowMs())
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#followers.size === 0 || this.#isClosed) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#beat()
      this.#schedule()
    }, beatEveryMs)
    this.#timer.unref()
  }

  /** A node that cannot prove that it is up to date says nothing, and its followers refuse by themselves. */
  #beat(): void {
    const tickMs = this.#deps.clock.monotonicMs()
    const cursor = this.#cursor()
    const isUpToDate = this.#isUpToDate()
    this.#snapshots.forgetOld()
    this.#followers.flush()
    for (const follower of this.#followers) {
      if (tickMs >= follower.untilMs) follower.stream.finish()
      else if (isUpToDate) follower.stream.push(this.#beatOf(follower, cursor))
    }
    this.#checks.checkSome([...this.#followers]).catch(this.#deps.report)
  }

  #beatOf({ arrivedAtMs, count }: Follower, cursor: string): string {
    const now = this.#now(this.#knownAtMs() - arrivedAtMs)
    const data = { ...now, cursor, count, hash: this.#hash }
    return eventText({ event: 'now', id: cursor, data })
  }
}
