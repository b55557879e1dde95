import type { PasskeyCreation, PasskeyRequest } from '@propusk/client'

/** Loaded when a passkey is first asked for: the sign-in page comes without it. */
const library = () => import('@simplewebauthn/browser')

export const canUsePasskeys = (): boolean => typeof window.PublicKeyCredential === 'function'

type Signed = Awaited<ReturnType<Awaited<ReturnType<typeof library>>['startAuthentication']>>

/** What the API takes of an answer of the browser. */
const toBody = (signed: Signed) => ({ ...signed, type: 'public-key' as const }) as never

/** Asks the browser for a passkey. Rejects when the person does not choose one. */
export async function askPasskey(options: PasskeyRequest) {
  // A browser has one such question at a time.
  cancelAutofill()
  const { startAuthentication } = await library()
  return toBody(await startAuthentication({ optionsJSON: options as never }))
}

let autofill: AbortController | undefined

export function cancelAutofill(): void {
  autofill?.abort()
  autofill = undefined
}

/** Whether the fields of a page can offer passkeys, without the library: in browsers that read its JSON themselves. */
export async function canAutofillPasskeys(): Promise<boolean> {
  if (!canUsePasskeys()) return false
  const { PublicKeyCredential } = window
  if (typeof PublicKeyCredential.parseRequestOptionsFromJSON !== 'function') return false
  return (await PublicKeyCredential.isConditionalMediationAvailable?.()) ?? false
}

/** Below the five minutes for which the server takes the answer to a challenge. */
const offerMs = 4 * 60_000

/**
 * Lets the browser offer passkeys in the field of the address (WebAuthn section 5.1.4). Resolves when one is chosen, however
 * late: what is offered is renewed as long as the page is there.
 */
export async function awaitAutofill(askOptions: () => Promise<PasskeyRequest>) {
  cancelAutofill()
  const own = new AbortController()
  autofill = own
  for (;;) {
    const options = window.PublicKeyCredential.parseRequestOptionsFromJSON((await askOptions()) as never)
    own.signal.throwIfAborted()
    const over = AbortSignal.timeout(offerMs)
    try {
      const credential = await navigator.credentials.get({
        publicKey: options,
        mediation: 'conditional',
        signal: AbortSignal.any([own.signal, over]),
      })
      return (credential as PublicKeyCredential).toJSON() as never
    } catch (error) {
      if (own.signal.aborted || !over.aborted) throw error
    }
  }
}

/** Lets the browser make a passkey. Rejects when the person does not want one, or when it holds one already. */
export async function makePasskey(options: PasskeyCreation) {
  const { startRegistration } = await library()
  return (await startRegistration({ optionsJSON: options as never })) as never
}

/** The browser was asked, and the person said no, or nothing: that is no fault. */
export const isDismissed = (error: unknown): boolean =>
  error instanceof Error && ['NotAllowedError', 'AbortError'].includes(error.name)

interface Signals {
  signalUnknownCredential?(options: { rpId: string; credentialId: string }): Promise<void>
  signalAllAcceptedCredentials?(options: {
    rpId: string
    userId: string
    allAcceptedCredentialIds: readonly string[]
  }): Promise<void>
}

const signals = (): Signals =>
  (typeof window.PublicKeyCredential === 'function' ? window.PublicKeyCredential : {}) as Signals

/** WebAuthn level 3 section 5.1.10: a password manager stops offering a passkey that the server does not know. */
export const signalUnknown = (credentialId: string): Promise<void> | undefined =>
  signals()
    .signalUnknownCredential?.({ rpId: window.location.hostname, credentialId })
    .catch(() => undefined)

/** The same, by all that the server does know. */
export const signalAccepted = (accepted: {
  rp_id: string
  user_handle: string
  credential_ids: readonly string[]
}): Promise<void> | undefined =>
  signals()
    .signalAllAcceptedCredentials?.({
      rpId: accepted.rp_id,
      userId: accepted.user_handle,
      allAcceptedCredentialIds: accepted.credential_ids,
    })
    .catch(() => undefined)
