import type { BodyRules } from '../http/index.ts'
import { message } from '../kernel/index.ts'
import {
  accountFields,
  type ColumnOf,
  ownFields,
  type TextField,
  textFields,
  validateText,
} from './account-fields.ts'
import { parseKnownEmail } from './email-address.ts'
import {
  isHashable,
  isSamePassword,
  type PasswordPolicyDeps,
  passwordPolicyOf,
  validateNewPassword,
} from './password-policy.ts'
import { validateNewEmail } from './validate-account.ts'

export const textRules = Object.fromEntries(
  textFields.map(field => [accountFields[field].column, (text: string) => validateText(field, text)]),
) as { [F in TextField as ColumnOf<F>]: (text: string) => ReturnType<typeof validateText> }

/** Of a change: an address that the account has already stays, even where a new one could not be like it. */
export const changedAccountRules = {
  ...textRules,
  email: text => (parseKnownEmail(text) === undefined ? [message('email.invalid')] : []),
} satisfies BodyRules

/** What a new account is refused for, beside the form of its body: the rules of `validateNewAccount`. */
export const newAccountRules = (deps: PasswordPolicyDeps) =>
  ({
    ...textRules,
    email: validateNewEmail,
    password: (text, { email = '', ...texts }) =>
      validateNewPassword(passwordPolicyOf(deps), text, {
        email,
        names: ownFields.map(field => texts[accountFields[field].column] ?? null),
      }),
  }) satisfies BodyRules<Record<'email' | 'password' | ColumnOf<TextField>, string>>

/** Of a password that is given twice. */
const repetitionRules = {
  password2: (text, { password = text }) =>
    isHashable(text) && isHashable(password) && !isSamePassword(password, text)
      ? [message('password.mismatch')]
      : [],
} satisfies BodyRules<{ password: string; password2: string }>

/** The same where people open an account for themselves, and repeat the password. */
export const registrationRules = (deps: PasswordPolicyDeps) =>
  ({ ...newAccountRules(deps), ...repetitionRules }) satisfies BodyRules

/** The same of a new password that is given twice. Whose names and address it may not be is known to the use case. */
export const newPasswordRules = (deps: PasswordPolicyDeps) =>
  ({
    ...repetitionRules,
    password: text => validateNewPassword(passwordPolicyOf(deps), text, { email: '', names: [] }),
  }) satisfies BodyRules
