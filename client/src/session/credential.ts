import type { Client } from '../client.ts'
import { ProblemError } from '../problem-error.ts'
import type { TokenStore } from '../stores.ts'
import type { Login, LoginFactor, SecondStep, TokenPair } from '../types.ts'
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
  adopt(pair: TokenPair): Promise<void>
  signOut(client: Client): Promise<void>
}

export function storedCredential(client: Client, store: TokenStore, platform: SessionPlatform): Credential {
  const exchange = async (pair: TokenPair, given: AbortSignal): Promise<TokenPair | undefined> => {
    const body = { refresh: pair.refresh }
    const ask = (signal: AbortSignal) => client.call('refreshTokens', { body, signal })
    try {
      return await askUntilAnswered(platform, ask, given)
    } catch (error) {
      if (!isSessionOver(error)) throw error
      return undefined
    }
  }

  const keep = async ({ access, refresh }: TokenPair): Promise<string> => {
    await store.write({ access, refresh })
    return access
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
          await store.write(next)
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
    async adopt(pair) {
      await store.write(pair)
    },
    async signOut() {
      const pair = await store.read()
      if (pair === undefined) return
      await endSession(() => client.call('revokeToken', { body: { refresh: pair.refresh } }))
      await store.write(undefined)
    },
  }
}

/** The cookie is exchanged by the browser itself, so its token is never seen here. */
export function cookieCredential(client: Client, platform: SessionPlatform): Credential {
  const ask = (signal: AbortSignal) => client.call('refreshInBrowser', { body: {}, signal })
  const refresh = (given: AbortSignal): Promise<string | undefined> =>
    askUntilAnswered(platform, ask, given).then(
      ({ access }) => access,
      (error: unknown) => {
        if (!isSessionOver(error)) throw error
        return undefined
      },
    )
  return {
    keptAccess: async () => undefined,
    // Asked again after a rejection: another tab may have put a newer cookie in place while the first was under way.
    refresh: async (_, signal) => (await refresh(signal)) ?? (await refresh(signal)),
    async signIn(account) {
      const answer = await client.call('logInInBrowser', { body: account })
      return 'next' in answer ? answer : answer.access
    },
    signInByFactor: async step => (await client.call('logInByFactorInBrowser', { body: step })).access,
    adopt: () => Promise.reject(new TypeError('A session of the cookie takes no pair: sign in instead.')),
    signOut: () => endSession(() => client.call('logOutInBrowser', { body: {} })),
  }
}

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
