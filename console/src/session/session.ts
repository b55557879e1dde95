import {
  type Brand,
  type BrowserLoginFactor,
  type BrowserSession,
  createClient,
  ProblemError,
  type Profile,
  type SecondStep,
  type SignInOptions,
} from '@propusk/client'
import { currentLocale } from '../i18n/index.ts'
import { basePath } from './base-path.ts'
import { forgetSession, isIdleOver, noteSession, untilPersonActs, watchIdle } from './idle.ts'
import { askPasskey, awaitAutofill, signalUnknown } from './passkey.ts'
import type { ShownMail } from './recovery.ts'
import { askForStepUp } from './step-up.ts'
import { type WithVersion, withVersion } from './with-version.ts'

/** Why nobody is signed in any more, for the sentence on the page that says so. */
export type Ending = 'signed_out' | 'closed' | 'deactivated' | 'ended' | 'expired' | 'idle' | 'reuse'

export type SessionState =
  | { readonly status: 'starting' }
  | { readonly status: 'out'; readonly ending?: Ending }
  | { readonly status: 'in'; readonly access: string; readonly profile: WithVersion<Profile> }

interface Account {
  readonly email: string
  readonly password: string
}

interface Credentials extends Account {
  /** Whether the session is to live on while it is idle. */
  readonly remember: boolean
}

interface NewAccount extends Account {
  readonly password2: string
  readonly first_name?: string
  readonly last_name?: string
}

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

interface Entry {
  readonly access: string
  readonly session: BrowserSession
}

async function enter({ access, session }: Entry): Promise<void> {
  const profile = await profileOf(access)
  become({ status: 'in', access, profile })
  noteSession(session)
}

/** Takes up the session of the cookie, if there is one. Rejects when the server cannot be asked. */
export async function restoreSession(): Promise<void> {
  const entry = await renew()
  if (entry === undefined) become({ status: 'out' })
  else await enter(entry)
}

/** Gives what to go on with where the account has a second factor. Rejects with the ProblemError of the server. */
export const signIn = async (account: Credentials): Promise<SecondStep | undefined> =>
  begin(await browser.call('logInInBrowser', { body: account }))

/** The same by a mail: its link, or its code. */
export const signInByCode = async (shown: ShownMail): Promise<SecondStep | undefined> =>
  begin(await browser.call('logInByCodeInBrowser', { body: shown }))

async function begin(answer: Entry | SecondStep): Promise<SecondStep | undefined> {
  if ('next' in answer) return answer
  await enter(answer)
  otherTabs.postMessage('in')
  return undefined
}

export async function signInByFactor(step: BrowserLoginFactor): Promise<void> {
  await enter(await browser.call('logInByFactorInBrowser', { body: step }))
  otherTabs.postMessage('in')
}

interface ByPasskey {
  readonly isAutofill?: boolean
  /** Asked when the passkey has been chosen, which may be long after its offer. */
  remember?(): boolean
}

/** Signs in by a passkey: the browser asks for it, or offers it in the fields of the page. */
export async function signInByPasskey({ isAutofill = false, remember }: ByPasskey = {}): Promise<void> {
  const offer = () => browser.call('passkeySignInOptions', { body: {} })
  const passkey = await (isAutofill ? awaitAutofill(offer) : askPasskey(await offer()))
  try {
    await enter(
      await browser.call('logInByPasskeyInBrowser', { body: { passkey, remember: remember?.() ?? false } }),
    )
  } catch (error) {
    // Only one that the server does not know: browsers forget it for good.
    if (error instanceof ProblemError && error.errors['passkey.id'] !== undefined) {
      void signalUnknown((passkey as { id: string }).id)
    }
    throw error
  }
  otherTabs.postMessage('in')
}

/** The second step of a sign-in by a passkey of the account. */
export async function finishByPasskey(
  { ticket }: SecondStep,
  wishes: Pick<BrowserLoginFactor, 'remember' | 'remember_device'>,
): Promise<void> {
  const options = await browser.call('passkeySignInOptions', { body: { ticket } })
  await signInByFactor({ ticket, passkey: await askPasskey(options), ...wishes })
}

/** False where a mail must prove the address first, and nobody is signed in yet. */
export async function register(account: NewAccount): Promise<boolean> {
  const answer: Entry | object = await browser.call('registerInBrowser', { body: account })
  if (!('access' in answer)) return false
  await enter(answer)
  otherTabs.postMessage('in')
  return true
}

export const readSignInOptions = (): Promise<SignInOptions> => browser.call('readSignInOptions')

/** Rejects with `not_found` when the link that the server printed does not work any more. */
export async function checkSetupLink(token: string): Promise<void> {
  await browser.call('checkSetupLink', { body: { token } })
}

/** How the product calls itself; asked before there is a session. */
export const readBrand = (): Promise<Brand> => browser.call('readBrand', {})

/** Uses up the link that the server printed, and signs in. */
export async function makeFirstSuperuser(account: NewAccount & { readonly token: string }): Promise<void> {
  await enter(await browser.call('makeFirstSuperuser', { body: account }))
  otherTabs.postMessage('in')
}

export async function signOut(): Promise<void> {
  await leaveBy('signed_out', () => browser.call('logOutInBrowser', { body: {} }))
  otherTabs.postMessage('out')
}

/**
 * Lets this browser pass proxies that ask, after a proof of who is there where the page at `to` asks for one. Gives the address to
 * go on to; rejects with the ProblemError of the server.
 */
export async function enterForward(to: string): Promise<string> {
  try {
    return (await browser.call('enterForward', { body: { to } })).to
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    if (error.code === 'invalid_refresh_token') leave('ended')
    if (error.code !== 'insufficient_user_authentication') throw error
    if ((await stepUp(error)) === undefined) throw error
    return (await browser.call('enterForward', { body: { to } })).to
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
  renewal ??= askForAccess().finally(() => {
    renewal = undefined
  })
  return renewal
}

async function askForAccess(): Promise<Entry | undefined> {
  try {
    return await browser.call('refreshInBrowser', { body: {} })
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
  async ask() {
    try {
      return await browser.call('readSessionEndInBrowser', { body: {} })
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'invalid_refresh_token') return undefined
      throw error
    }
  },
  leave: () => leave('ended'),
})

/** Asks the person to prove anew who is there. Gives the access token of it; undefined when the person gave up. */
const stepUp = (problem: ProblemError): Promise<string | undefined> =>
  askForStepUp(problem, async proof => {
    const { access, session } = await browser.call('stepUpInBrowser', { body: proof })
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
