import {
  type Brand,
  type BrowserLoginFactor,
  ProblemError,
  type SecondStep,
  type SignInOptions,
} from '@propusk/client'
import { askPasskey, awaitAutofill, signalUnknown } from './passkey.ts'
import type { ShownMail } from './recovery.ts'
import { browser, type Entry, enter } from './session.ts'

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

/** Gives what to go on with where the account has a second factor. Rejects with the ProblemError of the server. */
export const signIn = async (account: Credentials): Promise<SecondStep | undefined> =>
  begin(await browser.call('logInInBrowser', { body: account }))

/** The same by a mail: its link, or its code. */
export const signInByCode = async (shown: ShownMail): Promise<SecondStep | undefined> =>
  begin(await browser.call('logInByCodeInBrowser', { body: shown }))

async function begin(answer: Entry | SecondStep): Promise<SecondStep | undefined> {
  if ('next' in answer) return answer
  await enter(answer)
  return undefined
}

export async function signInByFactor(step: BrowserLoginFactor): Promise<void> {
  await enter(await browser.call('logInByFactorInBrowser', { body: step }))
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
}
