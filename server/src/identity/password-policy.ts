import { type Message, message } from '../kernel/index.ts'
import type { LeakedPasswords } from './leaked-passwords.ts'

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
 * Checks a new password and says everything that is wrong with it; an empty list accepts it. Demands length
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
  const folded = foldCase(normalised)
  const at = subject.email.indexOf('@')
  const localPart = at === -1 ? subject.email : subject.email.slice(0, at)
  return [subject.email, localPart, ...subject.names].some(word => word !== null && foldWord(word) === folded)
}

/** Undefined for what cannot be a word of this account; a name beside it may not have been validated yet. */
function foldWord(word: string): string | undefined {
  if (isTooLong(word)) return undefined
  const trimmed = word.trim()
  return trimmed === '' ? undefined : foldCase(normalisePassword(trimmed))
}

/**
 * Stands in the place of a hash where no password is right: no form of a hash, so nothing matches it, after the work of a
 * wrong one. Its account goes on by a reset.
 */
export const unusablePassword = '!'

/** The most characters (code points, as presented) that a password may have. All of them count. */
export const maxPasswordCharacters = 1024

/**
 * The one form of a password that is validated, hashed and checked: NFKC, so that the same password typed on
 * another keyboard or system is the same password. Never trimmed, never case-folded. Ask `isHashable` first:
 * the cost of normalising grows faster than the text.
 */
export const normalisePassword = (presented: string): string => presented.normalize('NFKC')

/** Whether two presented texts are one password to us. Both must be hashable. */
export const isSamePassword = (presented: string, repeated: string): boolean =>
  normalisePassword(presented) === normalisePassword(repeated)

/** Code points, not UTF-16 units: what NIST SP 800-63B section 3.1.1.2 counts as characters. */
export function countCharacters(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}

/** Whether it has more than `maxPasswordCharacters`. A megabyte is refused by its length alone. */
export const isTooLong = (presented: string): boolean =>
  presented.length > 2 * maxPasswordCharacters || countCharacters(presented) > maxPasswordCharacters

/**
 * Whether it may be hashed at all. Half of a surrogate pair has no UTF-8 form: every such half would be
 * encoded as the same U+FFFD, and different passwords would be one.
 */
export const isHashable = (presented: string): boolean => !isTooLong(presented) && presented.isWellFormed()

/** The same form of a password presented at a sign-in. One that no account can have counts as an empty one. */
export const comparablePassword = (presented: string): string =>
  isHashable(presented) ? normalisePassword(presented) : ''

/** For comparing regardless of case. By way of upper case, so that both forms of sigma are one letter. */
export const foldCase = (normalised: string): string => normalised.toUpperCase().toLowerCase()

/**
 * Words specific to this server that a password may not consist of (OWASP ASVS 5.0, 6.1.2 and 6.2.11): its
 * name, in both of its scripts, and the Russian one as it comes out of a keyboard left in the Latin layout.
 * In lower case.
 */
const contextWords: readonly string[] = ['propusk', 'пропуск', 'ghjgecr']

const notLetters = /[^\p{L}]+/gu

/** Whether nothing is left of it but one of the words, once or repeated, and digits and punctuation anywhere. */
export function isContextWord(folded: string): boolean {
  const letters = folded.replace(notLetters, '')
  return letters !== '' && contextWords.some(word => letters.replaceAll(word, '') === '')
}
