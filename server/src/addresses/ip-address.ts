import ipaddr from 'ipaddr.js'

/** An address that was read: IPv4 whenever it can be, without a zone. Its `toString()` is the one spelling of it. */
export type IpAddress = ipaddr.IPv4 | ipaddr.IPv6

/** All addresses that begin with the same bits. */
export interface Subnet {
  readonly address: IpAddress
  readonly prefixLength: number
}

/**
 * The address that a text names, by the strict forms only: four decimal numbers without leading zeros, or RFC 4291
 * section 2.2. An IPv4-mapped IPv6 address is the IPv4 address, because a socket for both families shows it so.
 * A zone id names an interface of this machine and is dropped. Undefined when the text is no address.
 */
export function parseIpAddress(text: string): IpAddress | undefined {
  const address = parseExactly(text.replace(zone, '$1'))
  return address !== undefined && isIpv6(address) && isMapped(address) ? ipv4Within(address) : address
}

/** The one spelling of an address: dotted decimal, or RFC 5952. Undefined when the text is no address. */
export const canonicalAddress = (text: string): string | undefined =>
  // Most clients are IPv4, and such an address has one strict spelling: it is its own.
  dottedQuad.test(text) ? text : parseIpAddress(text)?.toString()

/** An address alone, or with the length of its prefix (`10.0.0.0/8`); undefined when it is neither. A zone is refused. */
export function parseSubnet(text: string): Subnet | undefined {
  const [presented = '', length, ...rest] = text.split('/')
  const address = parseExactly(presented)
  if (address === undefined || rest.length > 0) return undefined
  const bits = isIpv6(address) ? 128 : 32
  const prefixLength = length === undefined ? bits : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN
  if (!(prefixLength <= bits)) return undefined
  // Addresses are compared as IPv4 where they are mapped, and so the subnet must be, too.
  return isIpv6(address) && isMapped(address) && prefixLength >= 96
    ? { address: ipv4Within(address), prefixLength: prefixLength - 96 }
    : { address, prefixLength }
}

export const isIn = (address: IpAddress, subnets: readonly Subnet[]): boolean =>
  subnets.some(
    subnet => subnet.address.kind() === address.kind() && address.match(subnet.address, subnet.prefixLength),
  )

/** 127.0.0.0/8 and ::1. */
export const isLoopback = (text: string): boolean => parseIpAddress(text)?.range() === 'loopback'

/**
 * The key under which an address is counted. An IPv4 address is its own key. The key of an IPv6 address is its first 64
 * bits: the client chooses the other half, and a client that takes a new address for each request must not count as
 * many. A text that is not an address gives `unknown`.
 */
export function networkOf(text: string): string {
  if (dottedQuad.test(text)) return text
  const address = parseIpAddress(text)
  if (address === undefined) return 'unknown'
  if (!isIpv6(address)) return address.toString()
  // Counters are kept by this text, also by nodes of the release before: its zeros are written out, unlike RFC 5952.
  const groups = address.parts.slice(0, 4).map(group => group.toString(16))
  return `${groups.join(':')}::/64`
}

/**
 * The library is laxer than a security decision may be: it reads `127.1` and `0x7f.0.0.1` as `inet_aton` does, and
 * `::127.0.0.1`, which RFC 4291 has given up, as the IPv4 address within it. So it is given strict forms only.
 */
function parseExactly(text: string): IpAddress | undefined {
  if (dottedQuad.test(text)) return ipaddr.IPv4.parse(text)
  const groups = withoutDottedTail(text)
  return groups.includes(':') && !/[.%]/.test(groups) && ipaddr.IPv6.isValid(groups)
    ? ipaddr.IPv6.parse(groups)
    : undefined
}

/** The last two groups of an IPv6 address may be written as an IPv4 address (RFC 4291 section 2.2). */
function withoutDottedTail(text: string): string {
  const tail = text.slice(text.lastIndexOf(':') + 1)
  if (!dottedQuad.test(tail)) return text
  const [a = 0, b = 0, c = 0, d = 0] = ipaddr.IPv4.parse(tail).octets
  const group = (high: number, low: number): string => ((high << 8) | low).toString(16)
  return `${text.slice(0, -tail.length)}${group(a, b)}:${group(c, d)}`
}

const isIpv6 = (address: IpAddress): address is ipaddr.IPv6 => address.kind() === 'ipv6'

/** RFC 4291 section 2.5.5.2. */
const isMapped = ({ parts }: ipaddr.IPv6): boolean =>
  parts[5] === 0xffff && parts.slice(0, 5).every(part => part === 0)

const ipv4Within = (address: ipaddr.IPv6): ipaddr.IPv4 => new ipaddr.IPv4(address.toByteArray().slice(12))

const dottedQuad = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/

/** RFC 4007 section 11: only an IPv6 address has a zone. */
const zone = /^([0-9a-f:.]*:[0-9a-f:.]*)%[^%/\s]+$/i

/**
 * Splits the hosts of an address of PostgreSQL, which may name several as libpq takes them: `postgres://u:p@h1:5432,h2/db`.
 * One host is a list of one. Looks at nothing else, so that a faulty address stays one.
 */
export function hostListOf(url: string) {
  const [, before = '', hosts = '', after = ''] =
    /^([a-z]+:\/\/(?:[^/?#]*@)?)([^/?#@]*)(.*)$/s.exec(url) ?? []
  return {
    hosts: hosts.split(','),
    /** The same address with this in the place of its hosts: one that a URL parser understands. */
    with: (host: string): string => `${before}${host}${after}`,
  }
}
