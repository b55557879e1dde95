import { domainToASCII } from 'node:url'

/** An email in the one form in which it is stored, compared and shown: trimmed, in ASCII and in lower case. */
export type EmailAddress = string & { readonly __brand: 'EmailAddress' }

/** The width of the column. RFC 5321 section 4.5.3.1 would allow 254, which is not used in practice. */
export const maxEmailCharacters = 150

/** RFC 5321 section 4.5.3.1.1. */
const maxLocalCharacters = 64

// RFC 5322 section 3.2.3: a dot-atom, the form without quotes and comments. A quoted local part may hold
// an @ of its own, and mailers have disagreed about where such a message goes.
const localPart = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/

// RFC 1123 section 2.1: letters, digits and inner hyphens.
const domainLabel = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/

/**
 * Reads an email as a person typed it, or says `undefined`. Trims, lower-cases and writes an internationalised domain in
 * ASCII: once, here and nowhere else, so that an address has one spelling inside.
 */
export function parseEmail(presented: string): EmailAddress | undefined {
  const email = parseKnownEmail(presented)
  if (email === undefined) return undefined
  const at = email.indexOf('@')
  const domain = email.slice(at + 1)
  // A name without a dot is one of a private network, or a domain whose end was forgotten.
  const isWhole = domain.includes('.') || domain === 'localhost'
  return at <= maxLocalCharacters && isWhole ? email : undefined
}

/**
 * The same of an address that an account may have already: earlier releases took longer local parts and domains of one
 * label. Their owners sign in as before; a new address is read by `parseEmail`.
 */
export function parseKnownEmail(presented: string): EmailAddress | undefined {
  const trimmed = presented.trim()
  if (trimmed.length > maxEmailCharacters) return undefined
  const [local, domain, ...rest] = trimmed.split('@')
  if (local === undefined || domain === undefined || rest.length > 0) return undefined
  // INVARIANT: checked before it is lower-cased. Some letters outside ASCII, such as the Kelvin sign, become
  // ASCII letters in lower case, and two people's addresses would become one.
  if (!localPart.test(local)) return undefined
  const ascii = toAsciiDomain(domain)
  if (!ascii.split('.').every(label => domainLabel.test(label))) return undefined
  const email = `${local}@${ascii}`.toLowerCase()
  return email.length > maxEmailCharacters ? undefined : (email as EmailAddress)
}

/** What a domain name may be made of before it is written in ASCII. A URL's host could be percent-encoded as well. */
const internationalised =
  /^[A-Za-z0-9.\-\u0080-\u{10ffff}]*[\u0080-\u{10ffff}][A-Za-z0-9.\-\u0080-\u{10ffff}]*$/u
const endsInNumber = /(?:^|\.)[0-9]+$/

/** An internationalised domain in ASCII (UTS 46), empty where it has no such form; one in ASCII as it is. */
function toAsciiDomain(domain: string): string {
  if (!internationalised.test(domain)) return domain
  const ascii = domainToASCII(domain)
  // For a URL, a name that ends in a number is an IPv4 address.
  return endsInNumber.test(ascii) ? '' : ascii
}
