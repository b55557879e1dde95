import { isIP, isIPv6, SocketAddress } from 'node:net'
import type { FastifyRequest } from 'fastify'
import type { Origin } from '../kernel/index.ts'

/** As much of a User-Agent as helps a person to know a device again. */
const maxUserAgentLength = 500

/**
 * Where the request comes from. The address is the socket's, unless a proxy that the settings trust says
 * another; whatever such a proxy passes on that is no address is not believed.
 */
export function originOf(request: FastifyRequest): Origin {
  const claimed = plainAddress(request.ip)
  return {
    ipAddress: isIP(claimed) === 0 ? plainAddress(request.socket.remoteAddress ?? '') : claimed,
    userAgent: withoutControls(request.headers['user-agent'] ?? '').slice(0, maxUserAgentLength),
  }
}

/** An IPv4 client on a dual-stack socket shows as `::ffff:192.0.2.1`; a zone id names a local interface. */
const plainAddress = (address: string): string => {
  const spelled = oneSpelling(address.split('%', 1)[0]!)
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(spelled)
  return mapped?.[1] ?? spelled
}

/** RFC 5952: an IPv6 address can be written in many ways, and one client must not pass for several. */
const oneSpelling = (address: string): string =>
  isIPv6(address) ? new SocketAddress({ address, family: 'ipv6' }).address : address

/** Header values reach us as Latin-1; control characters in one would only ever be meant for a log or a screen. */
const withoutControls = (text: string): string => text.replace(/[^\x20-\x7e\xa0-\xff]/g, '')
