import { type Message, message } from '../kernel/index.ts'
import type { LeakedPasswords } from './leaked-passwords.ts'
import { isContextWord } from './password-context-words.ts'
import {
  countCharacters,
  foldCase,
  isTooLong,
  maxPasswordCharacters,
  normalisePassword,
} from './password-form.ts'

/** Whose password it will be: what an attacker would try first. */
export interface PasswordSubject {
  readonly email: string
  readonly names: readonly (string | null)[]
}

export interface PasswordPolicy {
  /** Characters: code points. */
  readonly minLength: number
  readonly leaked: LeakedPasswords
}

export interface PasswordPolicyDeps {
  readonly passwordMinLength: number
  readonly leakedPasswords: LeakedPasswords
}

export const passwordPolicyOf = ({
  passwordMinLength,
  leakedPasswords,
}: PasswordPolicyDeps): PasswordPolicy => ({
  minLength: passwordMinLength,
  leaked: leakedPasswords,
})

/**
 * Judges a new password and says everything that is wrong with it; an empty list accepts it. Demands length
 * and that it is not easy to guess, and nothing else: no digits, no capitals, no symbols.
 */
export function validateNewPassword(
  policy: PasswordPolicy,
  presented: string,
  subject: PasswordSubject,
): readonly Message[] {
  // INVARIANT: bounded before it is normalised, which is slow for a megabyte of combining marks.
  if (isTooLong(presented)) return [message('password.too_long', { limit: maxPasswordCharacters })]
  if (!presented.isWellFormed()) return [message('field.character')]
  const normalised = normalisePassword(presented)
  const faults: Message[] = []
  if (lengthOf(presented, normalised) < policy.minLength) {
    faults.push(message('password.too_short', { limit: policy.minLength }))
  }
  if (isPersonal(normalised, subject)) faults.push(message('password.personal'))
  if (isContextWord(foldCase(normalised)) || policy.leaked.has(normalised))
    faults.push(message('password.common'))
  return faults
}

/**
 * The smaller of both counts: one key can type a ligature that normalises to eighteen characters, and a
 * letter typed as base and accent is one character to its owner.
 */
const lengthOf = (presented: string, normalised: string): number =>
  Math.min(countCharacters(presented), countCharacters(normalised))

function isPersonal(normalised: string, subject: PasswordSubject): boolean {
  const guess = foldCase(normalised)
  const at = subject.email.indexOf('@')
  const localPart = at === -1 ? subject.email : subject.email.slice(0, at)
  return [subject.email, localPart, ...subject.names].some(word => word !== null && foldWord(word) === guess)
}

/** Undefined for what cannot be a word of this account; a name beside it may not have been validated yet. */
function foldWord(word: string): string | undefined {
  if (isTooLong(word)) return undefined
  const trimmed = word.trim()
  return trimmed === '' ? undefined : foldCase(normalisePassword(trimmed))
}
