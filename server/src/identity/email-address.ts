/** An email in the one form in which it is stored, compared and shown: trimmed and in lower case. */
export type EmailAddress = string & { readonly __brand: 'EmailAddress' }

/** The width of the column. RFC 5321 section 4.5.3.1 would allow 254, which nobody uses. */
export const maxEmailCharacters = 150

// RFC 5322 section 3.2.3: a dot-atom, the form without quotes and comments. A quoted local part may hold
// an @ of its own, and mailers have disagreed about where such a message goes.
const localPart = /^[A-Za-z0-9!#$%&*+/=?^_{|}~-]+(?:\.[A-Za-z0-9!#$%&*+/=?^_{|}~-]+)*$/

// RFC 1123 section 2.1: letters, digits and inner hyphens. One label is enough: `root@localhost` is an
// address on many a private network.
const domainLabel = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/

/**
 * Reads an email as a person typed it, or says `undefined`. Trims and lower-cases: once, here and nowhere
 * else, so that an address has one spelling inside.
 */
export function parseEmail(presented: string): EmailAddress | undefined {
  const trimmed = presented.trim()
  if (trimmed.length > maxEmailCharacters) return undefined
  const [local, domain, ...rest] = trimmed.split('@')
  if (local === undefined || domain === undefined || rest.length > 0) return undefined
  if (!localPart.test(local) || !domain.split('.').every(label => domainLabel.test(label))) return undefined
  // INVARIANT: judged before it is lower-cased. Some letters outside ASCII, such as the Kelvin sign, become
  // ASCII letters in lower case, and two people's addresses would become one.
  return trimmed.toLowerCase() as EmailAddress
}
