import { type Message, message, Rejection, takenField } from '../kernel/index.ts'
import { type OwnFields, ownTexts, type User, validateTexts } from './account-fields.ts'
import type { StoredAccount } from './credentials.sql.ts'
import { type EmailAddress, parseEmail } from './email-address.ts'
import {
  isSamePassword,
  type PasswordPolicy,
  type PasswordPolicyDeps,
  passwordPolicyOf,
  validateNewPassword,
} from './password-policy.ts'

/** Everything that is wrong, by field. Empty: nothing is. */
export type FieldFaults = Record<string, readonly Message[]>

/** Refuses with `invalid_request`, every field named, unless nothing is wrong. */
export function assertNoFaults(errors: FieldFaults): void {
  if (Object.keys(errors).length > 0) throw new Rejection('invalid_request', { errors })
}

/** What a new address is refused for. */
export const validateNewEmail = (presented: string): readonly Message[] =>
  parseEmail(presented) === undefined ? [message('email.invalid')] : []

/** What a new password of this account is refused for, and one that is given twice and differs. */
export function validatePasswordPair(
  policy: PasswordPolicy,
  { password, password2 }: PasswordPair,
  account: OwnFields & { readonly email: string },
): FieldFaults {
  const faults = validateNewPassword(policy, password, { email: account.email, names: ownTexts(account) })
  return {
    ...(faults.length > 0 && { password: faults }),
    ...validateRepetition({ password, password2 }),
  }
}

interface PasswordPair {
  readonly password: string
  readonly password2: string
}

export const validateRepetition = ({ password, password2 }: PasswordPair): FieldFaults =>
  isSamePassword(password, password2) ? {} : { password2: [message('password.mismatch')] }

/** Refuses with `invalid_request` a new password that does not fit the account, and names every fault. */
export const assertNewPassword = (
  deps: PasswordPolicyDeps,
  pair: PasswordPair,
  account: OwnFields & { readonly email: string },
): void => assertNoFaults(validatePasswordPair(passwordPolicyOf(deps), pair, account))

export interface ValidatedAccount {
  /** In its one form; undefined when it is not acceptable, which `errors` says then. */
  readonly email: EmailAddress | undefined
  readonly errors: FieldFaults
}

/** What is known of a person before there is a password. */
type PresentedPerson = Partial<Omit<User, 'email'>> & { readonly email: string }

/** Validates address and texts; the rules are the same for every way to open an account. */
export function validatePerson(presented: PresentedPerson): ValidatedAccount {
  const faults = validateNewEmail(presented.email)
  return {
    email: parseEmail(presented.email),
    errors: { ...validateTexts(presented), ...(faults.length > 0 && { email: faults }) },
  }
}

/** The same with the password. */
export function validateNewAccount(
  policy: PasswordPolicy,
  presented: OwnFields & { readonly email: string; readonly password: string },
): ValidatedAccount {
  const { email, errors } = validatePerson(presented)
  const faults = validateNewPassword(policy, presented.password, {
    email: email ?? presented.email,
    names: ownTexts(presented),
  })
  return { email, errors: { ...errors, ...(faults.length > 0 && { password: faults }) } }
}

/** The address of an account that may be opened; else refuses with `invalid_request`, every field named. */
export function acceptedEmail({ email, errors }: ValidatedAccount): EmailAddress {
  if (email === undefined || Object.keys(errors).length > 0)
    throw new Rejection('invalid_request', { errors })
  return email
}

/** Why an address is refused that an account has already. */
export const emailTaken = (): Rejection => takenField('email', message('email.taken'))

/** Refuses with `conflict` an address that an account has already. */
export async function assertUntaken(
  users: { findByEmail(email: string): Promise<StoredAccount | undefined> },
  email: string,
): Promise<void> {
  if ((await users.findByEmail(email)) !== undefined) throw emailTaken()
}
