import { isIP } from 'node:net'
import { type Parse, quoted } from './parsed.ts'

const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const hostName = new RegExp(`^(?:${label}\\.)*${label}$`, 'i')

/** An address to listen on: IPv4, IPv6 without brackets, or a host name. */
export const host: Parse<string> = presented => {
  if (isIP(presented) !== 0) return { value: presented }
  // `127.1` or `010.0.0.1` are addresses to some and names to others: a name does not end in digits.
  const isName = presented.length <= 253 && hostName.test(presented) && !/(?:^|\.)\d+$/.test(presented)
  if (isName) return { value: presented }
  const hint = presented.includes(':') ? ' (a port has its own setting, an IPv6 address no brackets)' : ''
  return { fault: `${quoted(presented)} is not an IP address or a host name${hint}` }
}
