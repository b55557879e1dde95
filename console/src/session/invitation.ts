import type { InvitationAcceptance, InvitationToRead } from '@propusk/client'
import type { ShownMail } from './recovery.ts'
import { browser } from './session.ts'
import { signIn } from './sign-in.ts'

/** The invitation of a mail; asking for it changes nothing. */
export const readInvitation = (shown: ShownMail): Promise<InvitationToRead> =>
  browser.call('readOwnInvitation', { body: shown })

type NewPerson = Omit<InvitationAcceptance, 'token' | 'email' | 'code'>

/** Opens the account of an invitation, and signs it in. False where the account is there and nobody is signed in yet. */
export async function acceptInvitation(shown: ShownMail, person: NewPerson): Promise<boolean> {
  const { email } = await browser.call('acceptInvitation', { body: { ...shown, ...person } })
  // The account exists: whatever keeps it from being signed in is for the page of the sign-in to say.
  return signIn({ email, password: person.password, remember: false }).then(
    step => step === undefined,
    () => false,
  )
}
