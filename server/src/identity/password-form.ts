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
