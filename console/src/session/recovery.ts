import type { PasswordReset } from '@propusk/client'
import { askPasskey } from './passkey.ts'
import { browser } from './session.ts'

/** What a person shows of a mail: the token of its link, or the address and the code. */
export type ShownMail = { readonly token: string } | { readonly email: string; readonly code: string }

export async function requestReset(email: string): Promise<void> {
  await browser.call('requestPasswordReset', { body: { email } })
}

/** Asks for the mail of a sign-in without a password. */
export async function requestLoginCode(email: string): Promise<void> {
  await browser.call('requestLoginCode', { body: { email } })
}

type NewPassword = Pick<PasswordReset, 'password' | 'password2' | 'totp' | 'recovery'>

export async function resetPassword(body: ShownMail & NewPassword): Promise<void> {
  await browser.call('resetPassword', { body })
}

/** Whether the account of this mail has a passkey that a reset can take as its second factor. */
export async function hasResetPasskey(shown: ShownMail): Promise<boolean> {
  const { allowCredentials } = await browser.call('resetPasskeyOptions', { body: shown })
  return allowCredentials !== undefined && allowCredentials.length > 0
}

/** Asks the browser for a passkey of the account, and sets the password by it. Rejects when the person does not choose one. */
export async function resetByPasskey(shown: ShownMail, passwords: NewPassword): Promise<void> {
  const options = await browser.call('resetPasskeyOptions', { body: shown })
  const passkey = await askPasskey(options)
  await browser.call('resetPassword', { body: { ...shown, ...passwords, passkey } })
}

/** Makes the account of a registration, by the password of it or by a new one that is given twice. */
export async function activate(
  body: ShownMail & { readonly password: string; readonly password2?: string },
): Promise<void> {
  await browser.call('verifyEmail', { body })
}

export async function verifyEmail(body: ShownMail): Promise<void> {
  await browser.call('verifyEmail', { body })
}

export async function undoEmailChange(body: ShownMail): Promise<void> {
  await browser.call('undoEmailChange', { body })
}

export async function reportNotMe(token: string): Promise<void> {
  await browser.call('reportNotMe', { body: { token } })
}
