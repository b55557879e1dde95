import { isIP } from 'node:net'
import Type from 'typebox'
import { hostListOf, parseSubnet } from '../addresses/index.ts'
import { kind, type Parse, type Parsed, quoted } from './kinds.ts'

/** A text that is its own value once it is read. */
const text = (unit: string, parse: Parse<string>) => kind(Type.String(), unit, parse)

/** `sqlite:PATH`, `sqlite::memory:` or `postgres://user:password@host:port/name`. INVARIANT: no fault quotes the address. */
export const databaseUrl = text('sqlite:PATH or postgres://user:password@host:port/name', presented => {
  if (presented.startsWith('sqlite:')) return sqlite(presented)
  if (/^postgres(?:ql)?:\/\//.test(presented)) return postgres(presented)
  return { fault: 'the address must begin with sqlite: or postgres://' }
})

/** The path of the database file; undefined for PostgreSQL and for a database in memory. */
export function databaseFile(url: string): string | undefined {
  if (isPostgres(url) || url === 'sqlite::memory:') return undefined
  return url.slice('sqlite:'.length)
}

export const isPostgres = (url: string): boolean => !url.startsWith('sqlite:')

function sqlite(presented: string): Parsed<string> {
  const path = presented.slice('sqlite:'.length)
  if (path === '') return { fault: 'a path must follow sqlite:' }
  // Others read `sqlite:///x` as a relative path; refused, so that no data land in a surprising place.
  if (path.startsWith('//')) return { fault: 'the path follows sqlite: directly, without //' }
  if (/[\p{Cc}?]/u.test(path)) return { fault: 'the path must not hold ? or control characters' }
  if (path.startsWith(':') && path !== ':memory:') return { fault: 'the only name with a colon is :memory:' }
  return { value: presented }
}

/** One host, or several of which the first one that takes writes is used (ADR 37). */
function postgres(presented: string): Parsed<string> {
  const list = hostListOf(presented)
  for (const host of list.hosts) {
    const fault = faultOfOne(list.with(host), list.hosts.length > 1)
    if (fault !== undefined) return { fault }
  }
  return { value: presented }
}

function faultOfOne(presented: string, isOneOfSeveral: boolean): string | undefined {
  const encode = 'write the special characters of the password percent-encoded (@ as %40, / as %2F, # as %23)'
  const url = URL.canParse(presented) ? new URL(presented) : undefined
  if (url === undefined || /\s/.test(presented) || url.hash !== '' || url.pathname.includes('@')) {
    return `the address cannot be read; ${encode}`
  }
  if (![url.username, url.password, url.pathname].every(canDecode)) {
    return 'a % in the address is not followed by two hexadecimal digits; write % as %25'
  }
  // A directory with a UNIX socket has no place before the path: `postgres:///name?host=/run/postgresql`.
  const elsewhere = url.searchParams.get('host')
  if (url.hostname === '' && (isOneOfSeveral || elsewhere === null)) return 'the address names no host'
  if (elsewhere !== null && (isOneOfSeveral || elsewhere.includes(','))) {
    return 'several hosts stand before the name of the database, as in postgres://user:password@host1:5432,host2:5432/name'
  }
  if (!/^\/[^/]+$/.test(url.pathname)) return 'the address must end in the name of one database'
  const wanted = url.searchParams.get('target_session_attrs')
  if (wanted !== null && !['read-write', 'primary'].includes(wanted)) {
    return 'target_session_attrs must be read-write or primary: the server writes'
  }
  return undefined
}

function canDecode(encoded: string): boolean {
  try {
    decodeURIComponent(encoded)
    return true
  } catch {
    return false
  }
}

const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const hostName = new RegExp(`^(?:${label}\\.)*${label}$`, 'i')

/** An address to listen on: IPv4, IPv6 without brackets, or a host name. */
export const host = text('IP address or host name', presented => {
  if (isIP(presented) !== 0) return { value: presented }
  // `127.1` or `010.0.0.1` are addresses to some and names to others: a name does not end in digits.
  const isName = presented.length <= 253 && hostName.test(presented) && !/(?:^|\.)\d+$/.test(presented)
  if (isName) return { value: presented }
  const hint = presented.includes(':') ? ' (a port has its own setting, an IPv6 address no brackets)' : ''
  return { fault: `${quoted(presented)} is not an IP address or a host name${hint}` }
})

/** The public URL and the audience are repeated in every token, so they stay short. */
const mostCharacters = 255

/** An http(s) address, with a path or without, in its one canonical spelling and without a trailing slash. */
export const publicUrl = text('http(s) address', presented => {
  // INVARIANT: an address that may hold a password is not quoted in its fault.
  if (presented.includes('@')) return { fault: 'the address must not hold a user name or a password' }
  if (!/^https?:\/\/[^/\\\s]/i.test(presented) || /[\s\\]/.test(presented) || !URL.canParse(presented)) {
    return { fault: `${quoted(presented)} is not an http:// or https:// address` }
  }
  if (/[?#]/.test(presented)) return { fault: `${quoted(presented)} must not have a query or a fragment` }
  const { origin, pathname } = new URL(presented)
  const value = origin + pathname.replace(/\/+$/, '')
  if (value.length <= mostCharacters) return { value }
  return { fault: `${quoted(presented)} is longer than ${mostCharacters} characters` }
})

const cookieDomainName = new RegExp(`^(?:${label}\\.)+${label}$`)

/**
 * A domain for a cookie that all its hosts are sent. Browsers refuse one that is a public suffix (RFC 6265 section 5.3): which
 * names are, beyond those of one label, only their list says.
 */
export const cookieDomain = text('domain name of two labels or more', presented => {
  const isName =
    cookieDomainName.test(presented) && presented.length <= 253 && !/(?:^|\.)\d+$/.test(presented)
  if (isName) return { value: presented }
  return {
    fault: `${quoted(presented)} is not a domain of two labels or more in lower case, such as example.org, without a dot before it; and it must not be a public suffix such as co.uk, for which browsers keep no cookie`,
  }
})

/** Whether an http(s) address leads to this machine only. */
export function isLoopbackUrl(url: string): boolean {
  const { hostname } = new URL(url)
  return /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname)
}

/** RFC 7519 section 2, StringOrURI: any name, but one that holds a colon must be a URI. */
export const audience = text('name or URI', presented => {
  if (/[\s\p{Cc}]/u.test(presented)) return { fault: `${quoted(presented)} must not hold spaces` }
  if (presented.length > mostCharacters) {
    return { fault: `${quoted(presented)} is longer than ${mostCharacters} characters` }
  }
  if (presented.includes(':') && !URL.canParse(presented)) {
    return { fault: `${quoted(presented)} holds a colon but is not a URI` }
  }
  return { value: presented }
})

const texts = Type.Unsafe<readonly string[]>(Type.Array(Type.String()))

/** Origins separated by commas; an empty text means none. */
export const corsOrigins = kind(texts, 'origins separated by commas', presented => {
  const origins = new Set<string>()
  for (const entry of presented === '' ? [] : presented.split(',')) {
    const parsed = exactOrigin(entry.trim())
    if ('fault' in parsed) return parsed
    origins.add(parsed.value)
  }
  return { value: Object.freeze([...origins]) }
})

/** INVARIANT: an origin is spelt as browsers send it (RFC 6454 section 6.2), since it is compared byte for byte. */
function exactOrigin(entry: string): Parsed<string> {
  if (entry === '*' || entry === 'null') {
    return { fault: `${quoted(entry)} would let anybody in; name each origin` }
  }
  if (entry.includes('@')) return { fault: 'an origin must not hold a user name or a password' }
  const url = URL.canParse(entry) ? new URL(entry) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || entry.includes('*')) {
    return { fault: `${quoted(entry)} is not an origin: scheme://host or scheme://host:port` }
  }
  if (url.origin === entry) return { value: entry }
  return { fault: `${quoted(entry)} is not exact, a browser sends ${quoted(url.origin)}` }
}

/** Addresses and subnets (`10.0.0.0/8`) whose X-Forwarded-For is believed; false believes none. */
export const proxies = kind(
  Type.Union([Type.Literal(false), texts]),
  'false, or addresses and subnets separated by commas',
  trustProxy,
)

/** `false`, or addresses and subnets separated by commas. */
function trustProxy(presented: string): Parsed<false | readonly string[]> {
  if (presented === 'false') return { value: false }
  if (presented === 'true') {
    return {
      fault: '"true" would believe anybody; name the addresses or subnets of your proxies, or write false',
    }
  }
  const proxies: string[] = []
  for (const entry of presented.split(',')) {
    const parsed = addressOrSubnet(entry.trim())
    if ('fault' in parsed) return parsed
    proxies.push(parsed.value)
  }
  return { value: Object.freeze(proxies) }
}

function addressOrSubnet(entry: string): Parsed<string> {
  const subnet = parseSubnet(entry)
  if (subnet === undefined) {
    return { fault: `${quoted(entry)} is not an IP address or a subnet such as 10.0.0.0/8` }
  }
  if (subnet.prefixLength === 0)
    return { fault: `${quoted(entry)} would believe anybody; name your proxies only` }
  return { value: entry }
}
