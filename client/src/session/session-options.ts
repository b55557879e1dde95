import type { Client, ClientOptions } from '../client.ts'
import type { ProblemError } from '../problem-error.ts'
import type { AccessSource, TokenStore } from '../stores.ts'
import type { Login, LoginFactor, SecondStep, StepUp, TokenPair } from '../types.ts'
import type { SessionPlatform } from './platform.ts'

export interface SessionOptions extends Pick<ClientOptions, 'baseUrl' | 'device' | 'language'> {
  /**
   * Where the tokens are: a store, which tabs may share; or `cookie`, the httpOnly cookie of a page on the server's own
   * origin, which no script reads.
   */
  readonly store: TokenStore | 'cookie'
  /** Sessions of one name share a lock and tell one another. One name for each store of an origin. */
  readonly name?: string
  /**
   * Has the person prove anew who is there, where a call demands it (`problem.stepUp`, RFC 9470): shows what it must and calls
   * `session.confirm` with the proof, again after a wrong one. Resolves when that is done, and the call is sent once more; or
   * with `false` when the person gave up, and the call rejects with the problem. One question at a time, however many calls
   * wait for it.
   */
  readonly stepUp?: (problem: ProblemError, session: SessionKeeper) => Promise<unknown>
  /** What to take instead of the platform's own. */
  readonly platform?: Partial<SessionPlatform>
}

export type SessionState = 'starting' | 'signed-in' | 'signed-out'

export interface SessionKeeper extends AccessSource {
  readonly state: SessionState
  /** Calls with the tokens of this session. */
  readonly client: Client
  /**
   * `fetch` with the token of this session, for APIs that a gate protects: renews a refused token, and steps up where it is asked
   * to. SECRET: it sends the token to whatever address it is given.
   */
  readonly fetch: typeof globalThis.fetch
  /**
   * Takes up the session that the store holds, if there is one. Rejects when the server cannot be asked, and leaves the
   * tokens alone.
   */
  start(): Promise<SessionState>
  /** Resolves with a ticket, still signed out, where the account has a second factor: go on with `signInByFactor`. */
  signIn(account: Login): Promise<SecondStep | undefined>
  signInByFactor(step: LoginFactor): Promise<void>
  /** Proves anew who is there. Rejects with `invalid_request`, which names the field, for a wrong proof. */
  confirm(proof: StepUp): Promise<void>
  /** Takes up a pair that came otherwise, such as by a registration. Not with the cookie. */
  adopt(pair: TokenPair): Promise<void>
  /** Ends the session on the server, and in all tabs. Rejects, and stays signed in, when the server cannot be told. */
  signOut(): Promise<void>
  /** Tells of each change of the state; the function that it gives ends that. */
  onChange(listener: (state: SessionState) => void): () => void
  /** Stops refreshing and listening. The session of the server lives on. */
  close(): void
}
