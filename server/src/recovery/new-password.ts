import {
  isSamePassword,
  type LeakedPasswords,
  ownTexts,
  passwordPolicyOf,
  validateNewPassword,
} from '../identity/index.ts'
import { type Message, message, Rejection } from '../kernel/index.ts'

interface PasswordPair {
  readonly password: string
  readonly password2: string
}

type Subject = Parameters<typeof ownTexts>[0] & { readonly email: string }

/** Rejects with `invalid_request` a new password that does not fit the account, and names every fault. */
export function assertNewPassword(
  deps: { readonly passwordMinLength: number; readonly leakedPasswords: LeakedPasswords },
  { password, password2 }: PasswordPair,
  subject: Subject,
): void {
  const errors: Record<string, readonly Message[]> = {}
  const { email } = subject
  const faults = validateNewPassword(passwordPolicyOf(deps), password, { email, names: ownTexts(subject) })
  if (faults.length > 0) errors.password = faults
  if (!isSamePassword(password, password2)) errors.password2 = [message('password.mismatch')]
  if (Object.keys(errors).length > 0) throw new Rejection('invalid_request', { errors })
}
