/**
 * Whom an address counts for. An IPv4 address stands for itself. Of an IPv6 address the first 64 bits do: the other
 * half is for the client to choose, and one that takes a new address for each request must not pass for many.
 * An IPv4 address that is written as IPv6 (`::ffff:192.0.2.1`, `::ffff:c000:201`) is the IPv4 address. What is no
 * address is `unknown`.
 */
export function networkOf(ipAddress: string): string {
  if (dottedQuad.test(ipAddress)) return ipAddress
  const groups = groupsOf(ipAddress.split('%', 1)[0]!)
  if (groups === undefined) return 'unknown'
  // RFC 4291 section 2.5.5.2.
  const isMapped = groups.slice(0, 5).every(group => group === 0) && groups[5] === 0xffff
  if (isMapped) return [groups[6]! >> 8, groups[6]! & 0xff, groups[7]! >> 8, groups[7]! & 0xff].join('.')
  return `${groups
    .slice(0, 4)
    .map(group => group.toString(16))
    .join(':')}::/64`
}

const dottedQuad = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/

/** RFC 4291 section 2.2: the eight groups of an IPv6 address in any of its spellings; undefined when it is none. */
function groupsOf(address: string): readonly number[] | undefined {
  const halves = withoutDottedTail(address).split('::')
  if (halves.length > 2) return undefined
  const [head, tail] = halves.map(half => (half === '' ? [] : half.split(':')))
  const missing = 8 - head!.length - (tail?.length ?? 0)
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined
  const groups = [...head!, ...Array.from({ length: missing }, () => '0'), ...(tail ?? [])]
  return groups.every(group => /^[0-9a-f]{1,4}$/i.test(group))
    ? groups.map(group => Number.parseInt(group, 16))
    : undefined
}

/** The last two groups may be written as an IPv4 address. */
function withoutDottedTail(address: string): string {
  const tail = address.slice(address.lastIndexOf(':') + 1)
  if (!dottedQuad.test(tail)) return address
  const [a, b, c, d] = tail.split('.').map(Number)
  const group = (high: number, low: number) => ((high << 8) | low).toString(16)
  return `${address.slice(0, -tail.length)}${group(a!, b!)}:${group(c!, d!)}`
}
