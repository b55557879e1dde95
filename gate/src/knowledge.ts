import type { Change } from './change.ts'
import type { CheckedBy } from './check-tokens.ts'
import { FeedBroken } from './feed-faults.ts'
import type { Beat } from './follow-feed.ts'
import { createGate, type Gate } from './gate.ts'
import { Pace } from './pace.ts'
import type { SnapshotClaims } from './signed-snapshot.ts'
import { ProvedSignatures } from './web-signatures.ts'

/** What a follower of the feed knows, how old it is, and the server's clock. */
export class Knowledge {
  readonly #staleAfterMs: number
  #checkedBy: CheckedBy | undefined
  /** What the present gate was made for: another audience or life of tokens needs another gate. */
  #madeFor = ''
  #history: { readonly epoch: string; readonly order: number } | undefined
  #clock: { readonly serverTimeMs: number; readonly tickMs: number } | undefined
  #knownAtMs: number | undefined
  #knownAtTickMs = Number.NEGATIVE_INFINITY

  constructor(staleAfterMs: number) {
    this.#staleAfterMs = staleAfterMs
  }

  /** Undefined while it knows nothing. */
  get checkedBy(): CheckedBy | undefined {
    return this.#checkedBy
  }

  /** When the server last vouched for it, or signed what was recalled; undefined while it did neither. */
  get knownAt(): Date | undefined {
    return this.#knownAtMs === undefined ? undefined : new Date(this.#knownAtMs)
  }

  /** `Infinity` where the server never vouched for it. */
  get ageMs(): number {
    return performance.now() - this.#knownAtTickMs
  }

  isFresh(): boolean {
    return this.#checkedBy?.gate.isFresh(performance.now()) ?? false
  }

  /**
   * The server's clock, by which tokens are made and expire: what it said last, and the time since by the monotonic clock. No
   * jump of the own wall clock opens or shuts anything.
   */
  serverNowMs(): number {
    const { serverTimeMs, tickMs } = this.#clock ?? { serverTimeMs: Date.now(), tickMs: performance.now() }
    return serverTimeMs + (performance.now() - tickMs)
  }

  /** Takes what the server sent. Rejects with `FeedBroken` for what is older than what it sent before. */
  async load(claims: SnapshotClaims): Promise<void> {
    const { epoch, order, iss, audience, max_token_life_seconds: lifeSeconds } = claims
    if (this.#history?.epoch === epoch && order < this.#history.order) {
      throw new FeedBroken('the snapshot is older than what is known')
    }
    const madeFor = JSON.stringify([iss, audience, lifeSeconds])
    const present = madeFor === this.#madeFor ? this.#checkedBy : undefined
    const checkedBy = present ?? this.#make(claims)
    await loadInSlices(checkedBy.gate, claims)
    // INVARIANT: in the turn of the last slice. A snapshot allows nothing until a beat after it: it may be some seconds old, and
    // what came since follows it. Until here the gate before answers by what it was told.
    checkedBy.gate.markSynced(Number.NEGATIVE_INFINITY)
    this.#checkedBy = checkedBy
    this.#madeFor = madeFor
    this.#history = { epoch, order }
  }

  /**
   * Takes what was kept from before a restart, unless the server was faster. INVARIANT: it is never vouched for. What the server
   * sends goes to another gate, and is compared with no history of a file.
   */
  async recall(claims: SnapshotClaims): Promise<void> {
    const recalled = this.#make(claims)
    await loadInSlices(recalled.gate, claims)
    if (this.#checkedBy !== undefined) return
    this.#checkedBy = recalled
    this.#knownAtMs = claims.iat * 1000
  }

  /** Throws `FeedBroken` for a change that it does not understand. */
  apply(change: Change): void {
    try {
      this.#checkedBy?.gate.apply(change)
    } catch (cause) {
      // A newer server needs a newer gate; to go on would be to answer on old knowledge.
      throw new FeedBroken(cause instanceof Error ? cause.message : String(cause), { cause })
    }
  }

  /** The server vouches for what was loaded and applied. */
  sync({ atTickMs, serverTimeMs, receivedAtTickMs }: Beat): void {
    this.#clock = { serverTimeMs, tickMs: receivedAtTickMs }
    this.#knownAtMs = serverTimeMs
    this.#knownAtTickMs = atTickMs
    this.#checkedBy?.gate.markSynced(atTickMs)
  }

  forget(): void {
    this.#checkedBy?.gate.forget(this.serverNowMs())
  }

  #make({ iss, audience, max_token_life_seconds: maxTokenLifeSeconds }: SnapshotClaims): CheckedBy {
    const signatures = new ProvedSignatures()
    const gate = createGate({
      issuer: iss,
      audience,
      maxTokenLifeSeconds,
      staleAfterMs: this.#staleAfterMs,
      importKey: key => signatures.importKey(key),
    })
    return { gate, signatures }
  }
}

async function loadInSlices(gate: Gate, claims: SnapshotClaims): Promise<void> {
  const pace = new Pace()
  for (const _ of gate.loadInSlices(claims)) await pace.next()
}
