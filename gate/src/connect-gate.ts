import { askServer } from './ask-server.ts'
import type { Change } from './change.ts'
import { type CheckedBy, TokenChecks } from './check-tokens.ts'
import { FeedBroken, FeedHeld, FeedRejected } from './feed-faults.ts'
import { followFeed, unref } from './follow-feed.ts'
import { createGate, type Gate } from './gate.ts'
import { IssuerKeys } from './issuer-keys.ts'
import { feedOpener } from './open-feed.ts'
import { Pace } from './pace.ts'
import { reconnectPauseMs } from './reconnect-pause.ts'
import { readSnapshot, type SnapshotClaims, withoutSlash } from './signed-snapshot.ts'
import type { Asked, GateVerdict } from './verdict.ts'
import { ProvedSignatures } from './web-signatures.ts'

/**
 * `starting`: it has not known anything yet. `live`: it knows what the server knew `staleAfterMs` ago or less. `stale`: it
 * does not, and refuses; it goes back to `live` by itself. `closed`: it was closed.
 */
export type GateConnectionState = 'starting' | 'live' | 'stale' | 'closed'

export interface ConnectOptions {
  /** The public address of the server, which is the `iss` of its tokens. */
  readonly issuer: string
  /** SECRET: an API key that holds `changes:read`. */
  readonly key: string
  /** How old its knowledge may be before it refuses. 5,000 unless given. */
  readonly staleAfterMs?: number
  /** What to do then: `refuse` with 503, or `ask` the server about each token, with a deadline. `refuse` unless given. */
  readonly onStale?: 'refuse' | 'ask'
  /** How long `connectGate` waits to be live before it resolves in the state `starting`. 10,000 unless given. */
  readonly startWithinMs?: number
  /** Called when the state changes, and with the fault when a connection ends. */
  readonly onEvent?: (event: { readonly state: GateConnectionState; readonly error?: unknown }) => void
}

export interface ConnectedGate {
  /**
   * Whether the bearer of this access token may do the action on the resource. At once for a token that it has seen before,
   * and a promise for one that it has not: `await` both. Never rejects.
   */
  check(token: string, resource: string, action: string): GateVerdict | Promise<GateVerdict>
  readonly state: GateConnectionState
  /**
   * How old its knowledge is, in ms: the time since the server began the reading of its database that the last beat told of.
   * Never younger than it is, whatever held the beat up on its way. `Infinity` before the first one.
   */
  readonly ageMs: number
  /** The address of the server, without a slash at its end. */
  readonly issuer: string
  /** Ends the connection. Every check after it is a 503. */
  close(): void
}

/**
 * A gate that follows a server: checks tokens and permissions in this process, and refuses by itself when it cannot know.
 * Resolves when it is live, or `starting` after `startWithinMs`; then it goes on trying. Rejects with `FeedRejected` when
 * the server refuses the key or has another address than `issuer`, and with a TypeError for wrong options. Nothing in it keeps the process alive once it has resolved.
 */
export async function connectGate(options: ConnectOptions): Promise<ConnectedGate> {
  const connection = new GateConnection(options)
  await connection.start()
  return connection
}

/** A connection that was found broken after so long is not the next failure of a row. */
const heldMs = 5_000
const forgetEveryMs = 60_000
/** How soon it is noticed that knowledge has become too old, for `onEvent`; a check notices at once. */
const watchEveryMs = 250

class GateConnection implements ConnectedGate {
  readonly #options: Required<Pick<ConnectOptions, 'staleAfterMs' | 'onStale' | 'startWithinMs'>> &
    ConnectOptions
  readonly issuer: string
  readonly #ending = new AbortController()
  #signatures = new ProvedSignatures()
  #gate: Gate | undefined
  readonly #checks = new TokenChecks(
    () => this.#checkedBy(),
    () => this.#serverNowMs(),
  )
  /** What the present gate was made for: another audience or life of tokens needs another gate. */
  #madeFor = ''
  #history: { readonly epoch: string; readonly order: number } | undefined
  readonly #issuerKeys: IssuerKeys
  #cursor: string | undefined
  #clock: { readonly serverTimeMs: number; readonly tickMs: number } | undefined
  #knownAtTickMs = Number.NEGATIVE_INFINITY
  #isStarted = false
  #shown: GateConnectionState = 'starting'
  #timer: ReturnType<typeof setInterval> | undefined
  #forgotAtMs = performance.now()

  constructor(options: ConnectOptions) {
    const { issuer, key, staleAfterMs = 5_000, onStale = 'refuse', startWithinMs = 10_000 } = options
    if (!/^https?:/.test(issuer) || !URL.canParse(issuer))
      throw new TypeError(`issuer is ${issuer}: give the public address of the server`)
    if (typeof key !== 'string' || !/^[\x21-\x7e]+$/.test(key)) {
      throw new TypeError('key is missing: give an API key that holds changes:read')
    }
    if (!Number.isSafeInteger(staleAfterMs) || staleAfterMs < 1) {
      throw new TypeError(`staleAfterMs is ${staleAfterMs}: give a whole number from 1 up`)
    }
    if (onStale !== 'refuse' && onStale !== 'ask') {
      throw new TypeError(`onStale is ${String(onStale)}: give refuse or ask`)
    }
    this.issuer = withoutSlash(issuer)
    this.#issuerKeys = new IssuerKeys(this.issuer, this.#ending.signal)
    this.#options = { ...options, staleAfterMs, onStale, startWithinMs }
  }

  get state(): GateConnectionState {
    if (this.#ending.signal.aborted) return 'closed'
    if (this.#clock === undefined) return 'starting'
    return this.#gate?.isFresh(performance.now()) ? 'live' : 'stale'
  }

  get ageMs(): number {
    return performance.now() - this.#knownAtTickMs
  }

  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(started, this.#options.startWithinMs)
      const connection = this
      function started(error?: unknown) {
        clearTimeout(timer)
        if (connection.#isStarted) return
        connection.#isStarted = true
        if (error === undefined) resolve()
        else {
          connection.close()
          reject(error)
        }
      }
      this.#timer = setInterval(() => this.#tend(), watchEveryMs)
      unref(this.#timer)
      void this.#run(started)
    })
  }

  check(token: string, resource: string, action: string): GateVerdict | Promise<GateVerdict> {
    const verdict = this.#checks.check(token, resource, action)
    const orAsk = (known: GateVerdict) => this.#orAsk(known, token, { resource, action })
    return verdict instanceof Promise ? verdict.then(orAsk) : orAsk(verdict)
  }

  close(): void {
    clearInterval(this.#timer)
    this.#ending.abort()
    this.#show()
  }

  #checkedBy(): CheckedBy | undefined {
    if (this.#ending.signal.aborted || this.#gate === undefined) return undefined
    return { gate: this.#gate, signatures: this.#signatures }
  }

  #orAsk(verdict: GateVerdict, token: string, asked: Asked): GateVerdict | Promise<GateVerdict> {
    const mustAsk = verdict.status === 503 && this.#options.onStale === 'ask' && !this.#ending.signal.aborted
    if (!mustAsk) return verdict
    return askServer(this.issuer, token, asked, {
      may: (resource, action) => this.#checks.mayIfKnown(token, { resource, action }),
      rolesOf: claims => this.#checks.rolesIfKnown(claims),
    })
  }

  /**
   * The server's clock, by which tokens are made and expire: what it said last, and the time since by the monotonic clock. No
   * jump of the own wall clock opens or shuts anything.
   */
  #serverNowMs(): number {
    const { serverTimeMs, tickMs } = this.#clock ?? { serverTimeMs: Date.now(), tickMs: performance.now() }
    return serverTimeMs + (performance.now() - tickMs)
  }

  async #run(started: (error?: unknown) => void): Promise<void> {
    const url = `${this.issuer}/api/auth/changes/`
    let failures = 0
    let error: unknown
    while (!this.#ending.signal.aborted) {
      const beganAtMs = performance.now()
      let hasBeaten = false
      error = await followFeed(
        {
          open: feedOpener(url),
          url,
          key: this.#options.key,
          cursor: this.#cursor,
          signal: this.#ending.signal,
          keepsAlive: () => !this.#isStarted,
          renews: !(error instanceof FeedHeld),
        },
        {
          snapshot: jws => this.#load(jws),
          change: change => this.#apply(change),
          synced: beat => {
            hasBeaten = true
            this.#cursor = beat.cursor
            this.#clock = { serverTimeMs: beat.serverTimeMs, tickMs: beat.receivedAtTickMs }
            this.#knownAtTickMs = beat.atTickMs
            this.#gate?.markSynced(beat.atTickMs)
            this.#show()
            started()
          },
        },
      ).catch((cause: unknown) => cause)
      if (this.#ending.signal.aborted) return
      if (error instanceof FeedBroken) this.#cursor = undefined
      this.#options.onEvent?.({ state: this.state, error })
      if (error instanceof FeedRejected && !this.#isStarted) return started(error)
      // One that was followed and has ended, however soon, is no reason to stay away.
      const wasGood = !(error instanceof FeedBroken) || performance.now() - beganAtMs > heldMs
      failures = hasBeaten && wasGood ? 0 : failures + 1
      await this.#pause(reconnectPauseMs(failures, this.#options.staleAfterMs, Math.random()))
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, ms)
      if (this.#isStarted) unref(timer)
      this.#ending.signal.addEventListener('abort', () => resolve(), { once: true })
    })
  }

  async #load(jws: string): Promise<void> {
    const claims = await readSnapshot(jws, this.issuer, kid => this.#issuerKeys.find(kid))
    const { epoch, order } = claims
    if (this.#history?.epoch === epoch && order < this.#history.order) {
      throw new FeedBroken('the snapshot is older than what is known')
    }
    const madeFor = JSON.stringify([claims.iss, claims.audience, claims.max_token_life_seconds])
    const isAnother = this.#gate === undefined || madeFor !== this.#madeFor
    const signatures = isAnother ? new ProvedSignatures() : this.#signatures
    const gate = isAnother ? this.#makeGate(claims, signatures) : this.#gate!
    const pace = new Pace()
    for (const _ of gate.loadInSlices(claims)) await pace.next()
    // INVARIANT: the gate before answers until this one knows everything.
    this.#gate = gate
    this.#signatures = signatures
    this.#madeFor = madeFor
    this.#history = { epoch, order }
  }

  #makeGate(
    { iss, audience, max_token_life_seconds: maxTokenLifeSeconds }: SnapshotClaims,
    signatures: ProvedSignatures,
  ): Gate {
    return createGate({
      issuer: iss,
      audience,
      maxTokenLifeSeconds,
      staleAfterMs: this.#options.staleAfterMs,
      importKey: key => signatures.importKey(key),
    })
  }

  #apply(change: Change): void {
    try {
      this.#gate?.apply(change)
    } catch (cause) {
      // A newer server needs a newer gate; to go on would be to answer on old knowledge.
      throw new FeedBroken(cause instanceof Error ? cause.message : String(cause), { cause })
    }
  }

  #tend(): void {
    this.#show()
    if (performance.now() - this.#forgotAtMs < forgetEveryMs) return
    this.#forgotAtMs = performance.now()
    this.#gate?.forget(this.#serverNowMs())
  }

  #show(): void {
    const state = this.state
    if (state === this.#shown) return
    this.#shown = state
    this.#options.onEvent?.({ state })
  }
}
