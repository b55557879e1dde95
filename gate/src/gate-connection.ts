import { askServer } from './ask-server.ts'
import type { CacheFile } from './cache-file.ts'
import { TokenChecks } from './check-tokens.ts'
import type { ConnectedGate, GateConnectionState, GateEvent, Outage } from './connected-gate.ts'
import { FeedBroken, FeedHeld, FeedRejected } from './feed-faults.ts'
import { followFeed, unref } from './follow-feed.ts'
import { IssuerKeys } from './issuer-keys.ts'
import { Knowledge } from './knowledge.ts'
import { feedOpener } from './open-feed.ts'
import { reconnectPauseMs } from './reconnect-pause.ts'
import { readSnapshot } from './signed-snapshot.ts'
import type { Asked, GateVerdict } from './verdict.ts'

export interface ConnectionOptions {
  /** Without a slash at its end. */
  readonly issuer: string
  /** SECRET. */
  readonly key: string
  readonly staleAfterMs: number
  readonly onStale: 'refuse' | 'ask'
  readonly startWithinMs: number
  readonly cacheFile: CacheFile | undefined
  readonly onEvent: ((event: GateEvent) => void) | undefined
}

/** A connection that was found broken after so long is not the next failure of a row. */
const heldMs = 5_000
const forgetEveryMs = 60_000
/** How soon it is noticed that knowledge has become too old, for `onEvent`; a check notices at once. */
const watchEveryMs = 250
/** A snapshot comes when a connection begins without a cursor: a faulty link must not write a file with each. */
const cacheAtMostEveryMs = 60_000
/** Connections go on from a cursor for weeks. After so long one begins with a snapshot, for the sake of the file. */
const cacheAtLeastEveryMs = 6 * 3_600_000

/** Follows the feed until it is closed, and answers by what it knows. */
export class GateConnection implements ConnectedGate {
  readonly #options: ConnectionOptions
  readonly #ending = new AbortController()
  readonly #issuerKeys: IssuerKeys
  readonly #knowledge: Knowledge
  readonly #checks: TokenChecks
  #cursor: string | undefined
  #isStarted = false
  /** What ended the last connection. */
  #fault: unknown
  #shown: GateConnectionState = 'starting'
  #timer: ReturnType<typeof setInterval> | undefined
  #forgotAtMs = performance.now()
  #cachedAtMs = Number.NEGATIVE_INFINITY

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#issuerKeys = new IssuerKeys(options.issuer, this.#ending.signal)
    const knowledge = new Knowledge(options.staleAfterMs)
    this.#knowledge = knowledge
    this.#checks = new TokenChecks(
      () => (this.#isClosed ? undefined : knowledge.checkedBy),
      () => knowledge.serverNowMs(),
    )
  }

  get issuer(): string {
    return this.#options.issuer
  }

  get state(): GateConnectionState {
    if (this.#isClosed) return 'closed'
    if (this.#knowledge.knownAt === undefined) return 'starting'
    return this.#knowledge.isFresh() ? 'live' : 'stale'
  }

  get ageMs(): number {
    return this.#knowledge.ageMs
  }

  get outage(): Outage | undefined {
    const { state } = this
    if (state === 'live' || state === 'closed') return undefined
    return { knownAt: this.#knowledge.knownAt, error: this.#fault }
  }

  get #isClosed(): boolean {
    return this.#ending.signal.aborted
  }

  /** Resolves once it is live or the time for that is over; rejects with `FeedRejected`. */
  start(): Promise<void> {
    this.#timer = setInterval(() => this.#tend(), watchEveryMs)
    unref(this.#timer)
    const { cacheFile, startWithinMs } = this.#options
    // What was known before a restart, for as long as the server says nothing.
    cacheFile?.read(claims => this.#knowledge.recall(claims)).catch(error => this.#report(error))
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => started(), startWithinMs)
      const started = (error?: unknown) => {
        clearTimeout(timer)
        if (this.#isStarted) return
        this.#isStarted = true
        if (error === undefined) return resolve()
        this.close()
        reject(error)
      }
      void this.#run(started)
    })
  }

  check(...[token, resource, action, stepUp]: Parameters<ConnectedGate['check']>) {
    const asked = { resource, action, stepUp }
    const verdict = this.#checks.check(token, asked)
    const orAsk = (known: GateVerdict) => this.#orAsk(known, token, asked)
    return verdict instanceof Promise ? verdict.then(orAsk) : orAsk(verdict)
  }

  close(): void {
    clearInterval(this.#timer)
    this.#ending.abort()
    this.#show()
  }

  #orAsk(verdict: GateVerdict, token: string, asked: Asked): GateVerdict | Promise<GateVerdict> {
    const mustAsk = verdict.status === 503 && this.#options.onStale === 'ask' && !this.#isClosed
    if (!mustAsk) return verdict
    return askServer(this.issuer, token, asked, {
      may: (resource, action) => this.#checks.mayIfKnown(token, { resource, action }),
      rolesOf: claims => this.#checks.rolesIfKnown(claims),
      nowMs: () => this.#knowledge.serverNowMs(),
    })
  }

  async #run(started: (error?: unknown) => void): Promise<void> {
    let failures = 0
    let renews = true
    while (!this.#isClosed) {
      const beganAtMs = performance.now()
      let hasBeaten = false
      const onBeat = () => {
        hasBeaten = true
        // What a held request tells of may be too old.
        if (this.state === 'live') started()
      }
      const error: unknown = await this.#follow(renews, onBeat).catch((cause: unknown) => cause)
      if (this.#isClosed) return
      if (error instanceof FeedBroken) this.#cursor = undefined
      this.#fault = error
      this.#options.onEvent?.({ state: this.state, error })
      if (error instanceof FeedRejected && !this.#isStarted) return started(error)
      renews = !(error instanceof FeedHeld)
      // One that was followed and has ended, however soon, is no reason to stay away.
      const wasGood = !(error instanceof FeedBroken) || performance.now() - beganAtMs > heldMs
      failures = hasBeaten && wasGood ? 0 : failures + 1
      await this.#pause(reconnectPauseMs(failures, this.#options.staleAfterMs, Math.random()))
    }
  }

  /** One connection. Rejects when it ends. */
  #follow(renews: boolean, onBeat: () => void): Promise<void> {
    const url = `${this.issuer}/api/auth/changes/`
    const isCacheOld =
      this.#options.cacheFile !== undefined && performance.now() - this.#cachedAtMs > cacheAtLeastEveryMs
    return followFeed(
      {
        open: feedOpener(url),
        url,
        key: this.#options.key,
        cursor: isCacheOld ? undefined : this.#cursor,
        signal: this.#ending.signal,
        keepsAlive: () => !this.#isStarted,
        renews,
      },
      {
        snapshot: jws => this.#load(jws),
        change: change => this.#knowledge.apply(change),
        synced: beat => {
          this.#cursor = beat.cursor
          this.#fault = undefined
          this.#knowledge.sync(beat)
          this.#show()
          onBeat()
        },
      },
    )
  }

  #pause(ms: number): Promise<void> {
    return new Promise(resolve => {
      const { signal } = this.#ending
      const end = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', end)
        resolve()
      }
      const timer = setTimeout(end, ms)
      if (this.#isStarted) unref(timer)
      signal.addEventListener('abort', end)
    })
  }

  async #load(jws: string): Promise<void> {
    await this.#knowledge.load(await readSnapshot(jws, this.issuer, kid => this.#issuerKeys.find(kid)))
    const { cacheFile } = this.#options
    if (cacheFile === undefined || performance.now() - this.#cachedAtMs < cacheAtMostEveryMs) return
    this.#cachedAtMs = performance.now()
    // It goes on meanwhile: a slow disk makes nothing stale.
    void cacheFile.write(jws, this.#issuerKeys.all()).catch(error => this.#report(error))
  }

  #tend(): void {
    this.#show()
    if (performance.now() - this.#forgotAtMs < forgetEveryMs) return
    this.#forgotAtMs = performance.now()
    this.#knowledge.forget()
  }

  #report(error: unknown): void {
    this.#options.onEvent?.({ state: this.state, error })
  }

  #show(): void {
    const state = this.state
    if (state === this.#shown) return
    this.#shown = state
    this.#options.onEvent?.({ state })
  }
}
