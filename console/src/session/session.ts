import { type BrowserSession, createClient, ProblemError, type Profile } from '@propusk/client'
import { currentLocale } from '../i18n/index.ts'
import { basePath } from './base-path.ts'
import { exchange, forgetExchange } from './exchange.ts'
import { forgetSession, isIdleOver, noteSession, untilPersonActs, watchIdle } from './idle.ts'
import { askForStepUp } from './step-up.ts'
import { type WithVersion, withVersion } from './with-version.ts'

/** Why nobody is signed in any more, for the sentence on the page that says so. */
export type Ending = 'signed_out' | 'closed' | 'deactivated' | 'ended' | 'expired' | 'idle' | 'reuse'

export type SessionState =
  | { readonly status: 'starting' }
  | { readonly status: 'out'; readonly ending?: Ending }
  | { readonly status: 'in'; readonly access: string; readonly profile: WithVersion<Profile> }

/**
 * Who is signed in on this page. The access token lives in this variable and nowhere else; the refresh token in a
 * cookie that no script can read.
 */
let state: SessionState = { status: 'starting' }
const listeners = new Set<() => void>()

const serverUrl = () => window.location.origin + basePath
/** Calls of a page whose person is not signed in, or by the cookie. */
export const browser = createClient({
  baseUrl: serverUrl(),
  credentials: 'same-origin',
  language: currentLocale,
})

/** Other tabs of this browser share the cookie: whoever signs in or out tells them. */
const otherTabs = new BroadcastChannel(`propusk.session${basePath}`)
otherTabs.onmessage = ({ data }) => {
  if (data === 'out' && state.status === 'in') become({ status: 'out', ending: 'signed_out' })
  if (data === 'closed') learnClosed()
  if (data === 'in') void restoreSession()
}

/** What the server says of it may have come first, and knows less: that the session ended, not that its owner closed the account. */
function learnClosed(): void {
  if (state.status === 'in' || (state.status === 'out' && state.ending !== undefined)) {
    become({ status: 'out', ending: 'closed' })
  }
}

function become(next: SessionState): void {
  state = next
  if (next.status === 'out') forgetSession()
  for (const listener of listeners) listener()
}

export const sessionState = (): SessionState => state

export function onSessionChange(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const profileOf = (access: string): Promise<WithVersion<Profile>> =>
  withVersion(
    createClient({ baseUrl: serverUrl(), token: access, language: currentLocale }).callVersioned(
      'readProfile',
    ),
  )

/** What the server gives a page that has signed in, or goes on. */
export interface Entry {
  readonly access: string
  readonly session: BrowserSession
}

async function takeUp({ access, session }: Entry): Promise<void> {
  const profile = await profileOf(access)
  become({ status: 'in', access, profile })
  noteSession(session)
}

/** Goes on as the one who has just signed in, and has the other tabs do so. */
export async function enter(entry: Entry): Promise<void> {
  forgetExchange()
  await takeUp(entry)
  otherTabs.postMessage('in')
}

/** Takes up the session of the cookie, if there is one. Rejects when the server cannot be asked. */
export async function restoreSession(): Promise<void> {
  const entry = await renew()
  if (entry === undefined) become({ status: 'out' })
  else await takeUp(entry)
}

export async function signOut(): Promise<void> {
  await leaveBy('signed_out', () => browser.call('logOutInBrowser', { body: {} }))
  forgetExchange()
  otherTabs.postMessage('out')
}

/**
 * Lets this browser pass proxies that ask, after a proof of who is there where the page at `to` asks for one. Gives the address to
 * go on to; rejects with the ProblemError of the server.
 */
export async function enterForward(to: string): Promise<string> {
  const ask = async () => {
    const answer = await exchange(idempotencyKey =>
      browser.call('enterForward', { body: { to }, idempotencyKey }),
    )
    return answer.to
  }
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    if (error.code === 'invalid_refresh_token') leave('ended')
    if (error.code !== 'insufficient_user_authentication') throw error
    if ((await stepUp(error)) === undefined) throw error
    return await ask()
  }
}

/** How the session is just being ended from this page itself. */
let ownEnding: Ending | undefined

/**
 * Ends the session by an act of one's own. The server's word that it is over may come before the answer, and knows less
 * about why.
 */
export async function leaveBy(ending: Ending, act: () => Promise<unknown>): Promise<void> {
  ownEnding = ending
  try {
    await act()
    if (ending === 'closed') otherTabs.postMessage('closed')
    leave(ending)
  } finally {
    ownEnding = undefined
  }
}

/** Forgets who was signed in, because the session is over. */
export function leave(ending: Ending): void {
  if (state.status !== 'in') return
  const isVague = ending === 'ended' || ending === 'expired'
  become({ status: 'out', ending: ownEnding ?? (isVague && isIdleOver() ? 'idle' : ending) })
}

/** After the caller's own profile or rights have changed. */
export async function reloadProfile(): Promise<void> {
  if (state.status !== 'in') return
  const profile = await readProfile()
  if (state.status === 'in') become({ ...state, profile })
}

export const readProfile = (): Promise<WithVersion<Profile>> => withVersion(api.callVersioned('readProfile'))

let renewal: Promise<Entry | undefined> | undefined

/** One at a time: calls that are refused together wait for the same answer. */
function renew(): Promise<Entry | undefined> {
  const refresh = (idempotencyKey: string) => browser.call('refreshInBrowser', { body: {}, idempotencyKey })
  renewal ??= unlessOver(exchange(refresh)).finally(() => {
    renewal = undefined
  })
  return renewal
}

/** What the server answers about the session of the cookie; undefined where that is over. */
async function unlessOver<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'invalid_refresh_token') return undefined
    throw error
  }
}

/** Uses the session, and goes on with the next access token of it; undefined where it was over, and is left. */
async function prolong(): Promise<string | undefined> {
  const entry = await renew()
  if (entry === undefined) {
    leave('ended')
    return undefined
  }
  const { access, session } = entry
  if (state.status === 'in' && state.access !== access) {
    become({ ...state, access })
    noteSession(session)
  }
  return access
}

/** Takes up what the session has shown meanwhile, such as a factor that was just turned on. */
export async function renewAccess(): Promise<void> {
  await prolong()
}

watchIdle({
  prolong: async () => void (await prolong()),
  ask: () => unlessOver(browser.call('readSessionEndInBrowser', { body: {} })),
  leave: () => leave('ended'),
})

/** Asks the person to prove anew who is there. Gives the access token of it; undefined when the person gave up. */
const stepUp = (problem: ProblemError): Promise<string | undefined> =>
  askForStepUp(problem, async proof => {
    const { access, session } = await exchange(idempotencyKey =>
      browser.call('stepUpInBrowser', { body: proof, idempotencyKey }),
    )
    if (state.status === 'in') become({ ...state, access })
    noteSession(session)
    return access
  })

/** The API as whoever is signed in; a refused token is renewed by the cookie, and the call sent again. */
export const api = createClient({
  baseUrl: serverUrl(),
  language: currentLocale,
  access: {
    read: () => (state.status === 'in' ? state.access : undefined),
    async renew(refused) {
      if (state.status === 'in' && state.access !== refused) return state.access
      await untilPersonActs()
      // Whoever acted may have renewed it, or the session has ended meanwhile.
      if (state.status !== 'in') return undefined
      return state.access === refused ? await prolong() : state.access
    },
    stepUp,
  },
})
