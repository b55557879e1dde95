import { isIP, isIPv6, SocketAddress } from 'node:net'
import type { FastifyRequest } from 'fastify'
import type { Origin } from '../kernel/index.ts'

/** As much of a User-Agent as helps a person to know a device again. */
const maxUserAgentLength = 500

/** Where the request comes from. */
export const originOf = (request: FastifyRequest): Origin => ({
  ipAddress: addressOf(request),
  userAgent: withoutControls(request.headers['user-agent'] ?? '').slice(0, maxUserAgentLength),
})

/**
 * The socket's address, unless a proxy that the settings trust says another; whatever such a proxy passes on that
 * is no address is not believed.
 */
export function addressOf(request: FastifyRequest): string {
  const claimed = plainAddress(request.ip)
  return isIP(claimed) === 0 ? plainAddress(request.socket.remoteAddress ?? '') : claimed
}

/** An IPv4 client on a dual-stack socket shows as `::ffff:192.0.2.1`; a zone id names a local interface. */
const plainAddress = (address: string): string => {
  if (isDottedQuad.test(address)) return address
  const spelled = oneSpelling(address.split('%', 1)[0]!)
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(spelled)
  return mapped?.[1] ?? spelled
}

/** Nothing in it could be spelled otherwise; whether it is an address at all is judged by the caller. */
const isDottedQuad = /^\d+\.\d+\.\d+\.\d+$/

/** RFC 5952: an IPv6 address can be written in many ways, and one client must not pass for several. */
const oneSpelling = (address: string): string =>
  isIPv6(address) ? new SocketAddress({ address, family: 'ipv6' }).address : address

/** Header values reach us as Latin-1; control characters in one would only ever be meant for a log or a screen. */
const withoutControls = (text: string): string => text.replace(/[^\x20-\x7e\xa0-\xff]/g, '')
