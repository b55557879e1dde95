import Type from 'typebox'
import { hidden, kind, type Parsed, quoted } from './kinds.ts'

const wanted = 'the address is not smtp://user:password@host:587 or smtps://user:password@host'
const encode =
  'the address cannot be read; write the special characters of user and password percent-encoded (@ as %40, / as %2F, # as %23)'

/** `smtp://user:password@host:587` or `smtps://…`. INVARIANT: no fault quotes it, and nothing shows it: with some services the user is as secret as the password. */
export const mailUrl = kind(
  Type.Unsafe<string | undefined>(Type.String()),
  'smtp://user:password@host:587, or smtps:// for TLS from the first byte',
  presented => {
    if (!/^smtps?:\/\//i.test(presented)) return { fault: wanted }
    const url = URL.canParse(presented) ? new URL(presented) : undefined
    if (url === undefined || /\s/.test(presented)) return { fault: encode }
    return faultOf(url) ?? { value: url.href }
  },
  () => hidden,
)

function faultOf(url: URL): { fault: string } | undefined {
  if (url.hostname === '') return { fault: 'the address names no host' }
  if (!['', '/'].includes(url.pathname) || url.search !== '' || url.hash !== '') return { fault: encode }
  if ((url.username === '') !== (url.password === '')) {
    return { fault: 'the address must hold both a user and a password, or neither' }
  }
  try {
    decodeURIComponent(url.username)
    decodeURIComponent(url.password)
    return undefined
  } catch {
    return { fault: 'a % in the address is not followed by two hexadecimal digits; write % as %25' }
  }
}

/** The sender of every mail. */
interface MailSender {
  /** Empty where there is none. */
  readonly name: string
  readonly address: string
}

/** `Name <name@example.org>` or the address alone. */
export const mailSender = kind(
  Type.Unsafe<MailSender | undefined>(Type.Object({ name: Type.String(), address: Type.String() })),
  'Name <name@example.org>, or the address alone',
  (presented): Parsed<MailSender> => {
    const [, name = '', inBrackets] = /^([^<>]*)<([^<>]*)>$/.exec(presented.trim()) ?? []
    const address = inBrackets ?? presented.trim()
    // A plain dot-atom (RFC 5322 section 3.2.3) and a domain: what quotes and comments would mean, mailers disagree about.
    const isAddress = /^[\w!#$%&'*+/=?^`{|}~.-]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/i.test(address)
    if (!isAddress) return { fault: `${quoted(presented)} is not Name <name@example.org>` }
    if (/[\p{Cc}"\\]/u.test(name))
      return { fault: `the name in ${quoted(presented)} must hold no quotation marks` }
    return { value: Object.freeze({ name: name.trim(), address }) }
  },
  sender =>
    sender === undefined ? '' : sender.name === '' ? sender.address : `${sender.name} <${sender.address}>`,
)

/** The path of a file or a directory, which is read at start. */
export const path = kind(Type.Unsafe<string | undefined>(Type.String()), 'path', presented =>
  /\p{Cc}/u.test(presented) ? { fault: 'the path must not hold control characters' } : { value: presented },
)

const mostCharacters = 60

export const brandName = kind(Type.String(), `text of 1 to ${mostCharacters} characters`, presented => {
  const value = presented.trim()
  if (value === '' || value.length > mostCharacters) {
    return { fault: `${quoted(presented)} does not have 1 to ${mostCharacters} characters` }
  }
  // A line break in a subject would begin another header.
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(value))
    return { fault: `${quoted(presented)} holds control characters` }
  return { value }
})

/** In a `.env` file and in YAML a # begins a comment: it may be left out. */
export const color = kind(Type.Unsafe<string | undefined>(Type.String()), 'colour as rrggbb', presented => {
  const [, digits] = /^#?([0-9a-f]{6})$/i.exec(presented) ?? []
  if (digits === undefined) return { fault: `${quoted(presented)} is not a colour such as 0a5cbf` }
  return { value: `#${digits.toLowerCase()}` }
})
