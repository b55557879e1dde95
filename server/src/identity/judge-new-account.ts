import { type Message, message } from '../kernel/index.ts'
import { type OwnFields, ownTexts, validateTexts } from './account-fields.ts'
import { type EmailAddress, parseEmail } from './email-address.ts'
import { type PasswordPolicy, validateNewPassword } from './password-policy.ts'

interface Presented extends OwnFields {
  readonly email: string
  readonly password: string
}

interface ValidatedAccount {
  /** Undefined when the address is not acceptable; `errors` says so then. */
  readonly email: EmailAddress | undefined
  /** Every fault of address, password and names, by field. Empty: the account may be opened. */
  readonly errors: Record<string, readonly Message[]>
}

/** Validates the fields of a new account; the rules are the same for every way to open one. */
export function validateNewAccount(policy: PasswordPolicy, presented: Presented): ValidatedAccount {
  const email = parseEmail(presented.email)
  const faults = validateNewPassword(policy, presented.password, {
    email: email ?? presented.email,
    names: ownTexts(presented),
  })
  return {
    email,
    errors: {
      ...validateTexts(presented),
      ...(email === undefined && { email: [message('email.invalid')] }),
      ...(faults.length > 0 && { password: faults }),
    },
  }
}
