import { type Client, createClient } from '../client.ts'
import { fetchWith } from '../fetch-with.ts'
import type { ProblemError } from '../problem-error.ts'
import { hiddenTokenKey } from '../refresh-keys.ts'
import type { Login, LoginFactor, SecondStep, StepUp, TokenPair } from '../types.ts'
import { type Credential, cookieCredential, storedCredential } from './credential.ts'
import { defaultPlatform, type SessionPlatform } from './platform.ts'
import type { SessionKeeper, SessionOptions, SessionState } from './session-options.ts'
import { type TokenAge, tokenAge } from './token-age.ts'

type Message =
  | { readonly kind: 'access'; readonly access: string }
  | { readonly kind: 'out' }
  /** A tab that starts and keeps nothing asks the others, before it refreshes. */
  | { readonly kind: 'ask' }
  | { readonly kind: 'answer'; readonly access: string; readonly ageMs: number }

/** So long a tab waits for another one that refreshes; then it asks by itself, which the server allows. */
const lockWaitMs = 20_000
/** So long the lock is held after a refresh: by then the other tabs have the message, and do not refresh once more. */
const lingerMs = 100
/** So long a tab that starts waits for another one that has an access token. */
const answerWithinMs = 100
/** A timer may stand still in a sleep: the age is looked at no less often than this. */
const lookEveryMs = 30_000
/** The wait before a refresh that failed is tried again, doubled after each. */
const firstRetryMs = 5_000
const longestRetryMs = 60_000

/**
 * Keeps a person signed in. The access token is refreshed before it runs out, by one tab at a time, and the others take
 * the new one over. INVARIANT: only the server's rejection of the newest refresh token signs out, and `signOut`.
 */
export function createSession(options: SessionOptions): SessionKeeper {
  return new Keeper(options)
}

class Keeper implements SessionKeeper {
  readonly client: Client
  readonly fetch: SessionKeeper['fetch']
  #state: SessionState = 'starting'
  #access: string | undefined
  #age: TokenAge | undefined
  #starting: Promise<unknown> | undefined
  #renewal: Promise<string | undefined> | undefined
  #stepping: Promise<string | undefined> | undefined
  readonly #askStepUp: SessionOptions['stepUp']
  #running: { readonly refused: string | undefined; readonly stop: AbortController } | undefined
  #cancelTimer = () => {}
  #failures = 0
  #isClosed = false
  readonly #platform: SessionPlatform
  readonly #credential: Credential
  readonly #listeners = new Set<(state: SessionState) => void>()
  readonly #name: string
  readonly #channel: ReturnType<SessionPlatform['openChannel']>
  readonly #stopListening: () => void

  constructor({ store, name = 'propusk.session', platform = {}, stepUp, ...options }: SessionOptions) {
    this.#askStepUp = stepUp
    this.#platform = { ...defaultPlatform(), ...platform }
    this.#name = name
    const { fetch } = this.#platform
    this.client = createClient({ ...options, fetch, access: this })
    this.fetch = fetchWith(this, fetch)
    const withToken = (token: string | undefined) =>
      createClient({ ...options, fetch, ...(token !== undefined && { token }) })
    this.#credential =
      store === 'cookie'
        ? cookieCredential(
            createClient({ ...options, fetch, credentials: 'same-origin' }),
            hiddenTokenKey(this.#platform.sharedStorage(), `${name}.idempotency-key`),
            this.#platform,
          )
        : storedCredential(withToken, store, this.#platform)
    this.#channel = this.#platform.openChannel(name)
    if (this.#channel !== undefined) this.#channel.onmessage = ({ data }) => this.#receive(data as Message)
    this.#stopListening = this.#platform.onWake(() => this.#look())
  }

  get state(): SessionState {
    return this.#state
  }

  start(): Promise<SessionState> {
    const starting = this.#takeUp()
    // Its failure is told to the caller of `start`; a call that waits for it then goes out without a token.
    this.#starting = starting.catch(() => undefined)
    return starting
  }

  async #takeUp(): Promise<SessionState> {
    const kept = await this.#credential.keptAccess()
    if (kept !== undefined) this.#enter(kept)
    else if (!(await this.#isAnswered())) await this.#renewFrom(undefined)
    return this.#state
  }

  /** Whether another tab gives its access token: then the cookie is not exchanged for each page that is loaded. */
  async #isAnswered(): Promise<boolean> {
    if (this.#channel === undefined) return false
    const over = new Promise<void>(resolve => {
      const stop = this.onChange(() => end())
      const cancel = this.#platform.after(answerWithinMs, () => end())
      const end = () => {
        stop()
        cancel()
        resolve()
      }
    })
    this.#channel.postMessage({ kind: 'ask' } satisfies Message)
    await over
    return this.#access !== undefined
  }

  async read(): Promise<string | undefined> {
    // A call that comes while the session is being taken up waits for it.
    if (this.#state === 'starting') await this.#starting
    if (this.#access !== undefined && this.#age?.isOver() === true) return await this.#renewFrom(this.#access)
    return this.#access
  }

  async renew(refused: string): Promise<string | undefined> {
    if (this.#access !== refused) return this.#access
    return await this.#renewFrom(refused)
  }

  async signIn(account: Login): Promise<SecondStep | undefined> {
    const access = await this.#locked(() => this.#credential.signIn(account))
    if (typeof access !== 'string') return access
    this.#enterAndPublish(access)
    return undefined
  }

  async signInByFactor(step: LoginFactor): Promise<void> {
    const access = await this.#locked(() => this.#credential.signInByFactor(step))
    this.#enterAndPublish(access)
  }

  async confirm(proof: StepUp): Promise<void> {
    const presented = await this.read()
    const access = await this.#locked(() => this.#credential.stepUp(proof, presented))
    this.#enterAndPublish(access)
  }

  /** Undefined where the application does not ask its person, or the person gave up. */
  stepUp(problem: ProblemError): Promise<string | undefined> {
    this.#stepping ??= this.#stepUp(problem).finally(() => {
      this.#stepping = undefined
    })
    return this.#stepping
  }

  async #stepUp(problem: ProblemError): Promise<string | undefined> {
    const done = await (this.#askStepUp?.(problem, this) ?? false)
    return done === false ? undefined : this.#access
  }

  async adopt(pair: TokenPair): Promise<void> {
    await this.#locked(() => this.#credential.adopt(pair))
    this.#enterAndPublish(pair.access)
  }

  async signOut(): Promise<void> {
    await this.#locked(() => this.#credential.signOut(this.client))
    this.#leaveAndPublish()
  }

  onChange(listener: (state: SessionState) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  close(): void {
    this.#isClosed = true
    this.#cancelTimer()
    this.#stopListening()
    this.#channel?.close()
    this.#listeners.clear()
  }

  /** One at a time in this tab, and under the lock one at a time in all. */
  #renewFrom(refused: string | undefined): Promise<string | undefined> {
    this.#renewal ??= this.#locked(() => this.#refresh(refused)).finally(() => {
      this.#renewal = undefined
    })
    return this.#renewal
  }

  async #refresh(refused: string | undefined): Promise<string | undefined> {
    // While this tab waited for the lock, another one may have refreshed, signed in or signed out, and told.
    if (this.#access !== refused) return this.#access
    const stop = new AbortController()
    this.#running = { refused, stop }
    try {
      const access = await this.#credential.refresh(refused, stop.signal)
      if (access === undefined) this.#leaveAndPublish()
      else this.#enterAndPublish(access)
      return access
    } catch (error) {
      if (stop.signal.aborted) return this.#access
      throw error
    } finally {
      this.#running = undefined
    }
  }

  async #locked<T>(act: () => Promise<T>): Promise<T> {
    const timeout = new AbortController()
    const cancel = this.#platform.after(lockWaitMs, () => timeout.abort())
    return await new Promise<T>((resolve, reject) => {
      const underLock = async () => {
        cancel()
        resolve(await act())
        await new Promise<void>(over => this.#platform.after(lingerMs, over))
      }
      this.#platform.withLock(this.#name, timeout.signal, underLock).catch(reject).finally(cancel)
    })
  }

  #receive(message: Message): void {
    if (message.kind === 'ask') this.#answer()
    else if (message.kind === 'out') this.#leave()
    else if (message.kind === 'access') this.#enter(message.access)
    else if (this.#state === 'starting') this.#enter(message.access, message.ageMs)
    if (message.kind !== 'access' && message.kind !== 'out') return
    // Another tab was first. What this one still asks would come late, and put an older cookie in the place of the newest.
    if (this.#running?.refused !== this.#access) this.#running?.stop.abort()
  }

  #answer(): void {
    const [access, age] = [this.#access, this.#age]
    if (access === undefined || age === undefined || age.isOver()) return
    this.#channel?.postMessage({ kind: 'answer', access, ageMs: age.ageMs() } satisfies Message)
  }

  #enterAndPublish(access: string): void {
    if (this.#isClosed) return
    this.#enter(access)
    this.#channel?.postMessage({ kind: 'access', access } satisfies Message)
  }

  #leaveAndPublish(): void {
    if (this.#isClosed) return
    this.#leave()
    this.#channel?.postMessage({ kind: 'out' } satisfies Message)
  }

  #enter(access: string, ageMs = 0): void {
    if (access !== this.#access) this.#age = tokenAge(access, this.#platform, ageMs)
    this.#access = access
    this.#failures = 0
    this.#become('signed-in')
    this.#look()
  }

  #leave(): void {
    this.#access = undefined
    this.#age = undefined
    this.#cancelTimer()
    this.#become('signed-out')
  }

  #become(state: SessionState): void {
    if (this.#state === state) return
    this.#state = state
    for (const listener of [...this.#listeners]) listener(state)
  }

  /** Refreshes when that is due, and otherwise comes back when it may be. */
  #look(): void {
    this.#cancelTimer()
    const age = this.#age
    if (this.#isClosed || age === undefined) return
    if (age.untilDueMs() > 0) {
      this.#lookAfter(Math.min(Math.ceil(age.untilDueMs()), lookEveryMs))
    } else {
      this.#renewFrom(this.#access).catch(() => this.#lookAfter(this.#retryMs()))
    }
  }

  #lookAfter(ms: number): void {
    this.#cancelTimer()
    if (!this.#isClosed) this.#cancelTimer = this.#platform.after(ms, () => this.#look())
  }

  #retryMs(): number {
    const waitMs = Math.min(firstRetryMs * 2 ** this.#failures, longestRetryMs)
    this.#failures += 1
    return waitMs
  }
}
