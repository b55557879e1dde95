import { createHash } from 'node:crypto'
import type { Change, Snapshot } from '@propusk/gate/core'
import type { ChangeFeed, LedgerPosition } from '../changes/index.ts'
import {
  type EpochMs,
  isKeyPrincipal,
  type Principal,
  type Random,
  Rejection,
  type TimeSource,
  toRfc3339,
} from '../kernel/index.ts'
import type { CursorCodec } from './cursor.ts'
import {
  eventText,
  type FeedRecord,
  headOfTail,
  type JsonRecords,
  orderOf,
  recordsOfSnapshot,
  recordsOfTail,
  type SnapshotClaims,
} from './feed-record.ts'
import { FeedStream } from './feed-stream.ts'
import { NextChange } from './next-change.ts'
import { type Place, PlacesOfCallers } from './places-of-callers.ts'
import { PreparedSnapshot } from './prepared-snapshot.ts'

interface FeedDeps {
  readonly gate: { snapshot(): Snapshot }
  readonly ledger: Pick<ChangeFeed, 'readAfter'>
  /** How long ago the reading began that the gate of this node goes by. */
  readonly ageMs: () => number
  readonly staleAfterMs: number
  readonly sign: (claims: SnapshotClaims, nowMs: EpochMs) => string
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
/** So many callers are checked again at each beat. */
const checkedAtBeat = 50
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

interface Follower {
  readonly principal: Principal
  readonly sinceMs: EpochMs
  readonly stream: FeedStream
  /** When its request arrived, by the monotonic clock. */
  readonly arrivedAtMs: number
  readonly untilMs: number
  /** How many events other than beats it was sent. */
  count: number
}

/** The changes of this node's gate, passed on to gates in other processes (ADR 39). */
export class ChangesFeed {
  readonly #deps: FeedDeps
  readonly #followers = new Set<Follower>()
  /** What is published while the tail of a new follower is read. */
  readonly #meanwhile = new Set<{ text: string; count: number }>()
  readonly #waiting = new Set<() => void>()
  readonly #places = new PlacesOfCallers(feedLimits)
  #position: LedgerPosition | undefined
  /** Of every change that this node published, each with the hash of those before it. */
  #hash = ''
  /** Published when this process committed them, and not again when a reading brings them. */
  readonly #published = new Set<number>()
  readonly #snapshots: PreparedSnapshot
  #timer: NodeJS.Timeout | undefined
  #checked = 0
  #isClosed = false

  constructor(deps: FeedDeps) {
    this.#deps = deps
    this.#snapshots = new PreparedSnapshot(deps.clock, () => this.#snapshotRecord())
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
    for (const { stream } of [...this.#followers]) stream.finish()
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
    // INVARIANT: every change after the cursor is in the tail, in what was published while it was read, or published later.
    const meanwhile = { text: '', count: 0 }
    this.#meanwhile.add(meanwhile)
    const tail = await this.#readTail(cursor).finally(() => this.#meanwhile.delete(meanwhile))
    this.#assertUpToDate()
    const head =
      tail === undefined ? this.#snapshots.head(cursor !== undefined) : headOfTail(tail.changes, meanwhile)
    follower.count = head.count
    this.#followers.add(follower)
    stream.begin(
      `retry: ${Math.round(500 + 2_000 * spread)}\n\n${head.text}${this.#beatOf(follower, this.#cursor())}`,
    )
    this.#schedule()
    return stream
  }

  /** The same records as one answer: waits up to `waitMs` for the first change after the cursor. */
  async poll(principal: Principal, cursor: string | undefined, waitMs: number): Promise<JsonRecords> {
    const { clock, ageMs } = this.#deps
    this.#assertUpToDate()
    using _ = this.#places.take(principal)
    const arrivedAtMs = clock.monotonicMs()
    for (;;) {
      using change = new NextChange(this.#waiting, waitMs - (clock.monotonicMs() - arrivedAtMs))
      const asOfMs = clock.monotonicMs() - arrivedAtMs
      const tail = await this.#readTail(cursor, 'proof')
      if (tail === undefined) {
        this.#assertUpToDate()
        return recordsOfSnapshot(this.#snapshotRecord(), cursor !== undefined, this.#now(asOfMs - ageMs()))
      }
      const isOver = this.#isClosed || clock.monotonicMs() - arrivedAtMs >= waitMs
      if (isOver || tail.changes.length > 0) {
        const next = this.#deps.cursors.encode(tail.position, clock.nowMs())
        return recordsOfTail(tail.changes, next, this.#now(asOfMs))
      }
      await change.happened
    }
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
    for (const { stream } of [...this.#followers]) stream.finish()
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
    let text = ''
    for (const change of changes) {
      const data = JSON.stringify(change)
      text += eventText({ event: 'change', data })
      this.#hash = createHash('sha256').update(this.#hash).update(data).digest('base64url')
    }
    for (const meanwhile of this.#meanwhile) {
      meanwhile.text += text
      meanwhile.count += changes.length
    }
    this.#snapshots.add(text, changes.length)
    for (const follower of [...this.#followers]) {
      follower.count += changes.length
      follower.stream.push(text)
    }
  }

  #snapshotRecord(): FeedRecord {
    const { gate, sign, clock } = this.#deps
    const cursor = this.#cursor()
    const { epoch, order } = orderOf(this.#position!)
    const data = sign({ ...gate.snapshot(), cursor, epoch, order }, clock.nowMs())
    return { event: 'snapshot', id: cursor, data }
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
    for (const follower of [...this.#followers]) {
      if (tickMs >= follower.untilMs) follower.stream.finish()
      else if (isUpToDate) follower.stream.push(this.#beatOf(follower, cursor))
    }
    this.#checkSome().catch(this.#deps.report)
  }

  #beatOf({ arrivedAtMs, count }: Follower, cursor: string): string {
    const { clock, ageMs } = this.#deps
    const now = this.#now(clock.monotonicMs() - ageMs() - arrivedAtMs)
    const data = { ...now, cursor, count, hash: this.#hash }
    return eventText({ event: 'now', id: cursor, data })
  }

  /** A caller who may no longer read the changes gets no further ones: some callers at each beat, all of them in turn. */
  async #checkSome(): Promise<void> {
    const followers = [...this.#followers]
    const verdicts = new Map<string, Promise<boolean>>()
    for (let seen = 0; seen < followers.length && verdicts.size < checkedAtBeat; seen += 1) {
      const follower = followers[this.#checked++ % followers.length]!
      const { principal, sinceMs } = follower
      const caller = isKeyPrincipal(principal) ? `key ${principal.apiKeyId}` : principal.sessionId
      const verdict = verdicts.get(caller) ?? this.#deps.isStillPermitted(principal, sinceMs)
      verdicts.set(caller, verdict)
      void verdict.then(
        isPermitted => isPermitted || follower.stream.finish(),
        () => {},
      )
    }
    await Promise.all(verdicts.values())
  }
}
