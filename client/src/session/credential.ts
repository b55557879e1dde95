import type { Client } from '../client.ts'
import { ProblemError } from '../problem-error.ts'
import { type HiddenTokenKey, keyedPair, withKey } from '../refresh-keys.ts'
import type { KeptPair, TokenStore } from '../stores.ts'
import type { Login, LoginFactor, SecondStep, StepUp, TokenPair } from '../types.ts'
import { askUntilAnswered, isSessionOver } from './ask-until-answered.ts'
import type { SessionPlatform } from './platform.ts'

/** What a session is refreshed by: tokens in a store, or a cookie. Called under the lock, but for `keptAccess`. */
export interface Credential {
  /** An access token that is kept, of whatever age. */
  keptAccess(): Promise<string | undefined>
  /** Another access token than the refused one; undefined when the session is over. Rejects when that cannot be known. */
  refresh(refused: string | undefined, signal: AbortSignal): Promise<string | undefined>
  /** An access token, or what to go on with where the account has a second factor. */
  signIn(account: Login): Promise<string | SecondStep>
  signInByFactor(step: LoginFactor): Promise<string>
  /** The access token after it. */
  stepUp(proof: StepUp, presented: string | undefined): Promise<string>
  adopt(pair: TokenPair): Promise<void>
  signOut(client: Client): Promise<void>
}

export function storedCredential(
  withToken: (token: string | undefined) => Client,
  store: TokenStore,
  platform: SessionPlatform,
): Credential {
  const client = withToken(undefined)
  const exchange = async (pair: KeptPair, given: AbortSignal): Promise<TokenPair | undefined> => {
    const { refresh, idempotencyKey } = await keyedPair(store, pair)
    const ask = (signal: AbortSignal) =>
      client.call('refreshTokens', { body: { refresh }, idempotencyKey, signal })
    try {
      return await askUntilAnswered(platform, ask, given)
    } catch (error) {
      if (!isSessionOver(error)) throw error
      return undefined
    }
  }

  const keep = async (pair: TokenPair): Promise<string> => {
    await store.write(withKey(pair))
    return pair.access
  }

  return {
    keptAccess: async () => (await store.read())?.access,
    async refresh(refused, signal) {
      let pair = await store.read()
      while (pair !== undefined && pair.access === refused) {
        const next = await exchange(pair, signal)
        const latest = await store.read()
        // Another tab that did not wait for the lock may have written a newer pair: an answer that came late must not
        // replace it, and a rejection of the older token says nothing about it.
        if (latest?.refresh === pair.refresh) {
          await store.write(next && withKey(next))
          return next?.access
        }
        pair = latest
      }
      return pair?.access
    },
    async signIn(account) {
      const answer = await client.call('login', { body: account })
      return 'next' in answer ? answer : await keep(answer)
    },
    signInByFactor: async step => keep(await client.call('logInByFactor', { body: step })),
    stepUp: async (proof, presented) => keep(await withToken(presented).call('stepUp', { body: proof })),
    adopt: async pair => void (await keep(pair)),
    async signOut() {
      const pair = await store.read()
      if (pair === undefined) return
      await endSession(() => client.call('revokeToken', { body: { refresh: pair.refresh } }))
      await store.write(undefined)
    },
  }
}

/** The cookie is exchanged by the browser itself, so its token is never seen here. */
export function cookieCredential(client: Client, key: HiddenTokenKey, platform: SessionPlatform): Credential {
  const refresh = async (given: AbortSignal): Promise<string | undefined> => {
    const idempotencyKey = key.take()
    const ask = (signal: AbortSignal) => client.call('refreshInBrowser', { body: {}, idempotencyKey, signal })
    try {
      const { access } = await askUntilAnswered(platform, ask, given)
      key.drop(idempotencyKey)
      return access
    } catch (error) {
      if (!isSessionOver(error)) throw error
      return undefined
    }
  }
  /** Of a sign-in, by which the cookie holds another session's token. */
  const enter = (access: string): string => {
    key.forget()
    return access
  }
  return {
    keptAccess: async () => undefined,
    // Asked again after a rejection: another tab may have put a newer cookie in place while the first was under way.
    refresh: async (_, signal) => (await refresh(signal)) ?? (await refresh(signal)),
    async signIn(account) {
      const answer = await client.call('logInInBrowser', { body: account })
      return 'next' in answer ? answer : enter(answer.access)
    },
    signInByFactor: async step => enter((await client.call('logInByFactorInBrowser', { body: step })).access),
    // The cookie is exchanged on the way, also where the proof is wrong.
    async stepUp(proof) {
      const idempotencyKey = key.take()
      try {
        const { access } = await client.call('stepUpInBrowser', { body: proof, idempotencyKey })
        key.drop(idempotencyKey)
        return access
      } catch (error) {
        if (isAnswered(error)) key.drop(idempotencyKey)
        throw error
      }
    },
    adopt: () => Promise.reject(new TypeError('A session of the cookie takes no pair: sign in instead.')),
    async signOut() {
      await endSession(() => client.call('logOutInBrowser', { body: {} }))
      key.forget()
    },
  }
}

/** Whether the server has answered, and not that it could not carry the request out. */
const isAnswered = (error: unknown): boolean => error instanceof ProblemError && error.status < 500

/** A session that is over already is as good as ended. */
async function endSession(act: () => Promise<unknown>): Promise<void> {
  try {
    await act()
  } catch (error) {
    const isOver =
      error instanceof ProblemError &&
      ['invalid_token', 'invalid_refresh_token', 'not_authenticated'].includes(error.code)
    if (!isOver) throw error
  }
}
