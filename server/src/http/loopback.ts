import { BlockList, isIPv6 } from 'node:net'
import type { FastifyRequest } from 'fastify'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

const forwardingHeaders = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'] as const

/**
 * Whether the request was made on this machine. The socket decides and no header can say so; a request that a
 * proxy on this machine passed on comes from elsewhere, whatever its socket says.
 */
export function isLocalRequest({ raw }: Pick<FastifyRequest, 'raw'>): boolean {
  const address = raw.socket.remoteAddress ?? ''
  return (
    loopback.check(address, isIPv6(address) ? 'ipv6' : 'ipv4') &&
    forwardingHeaders.every(name => raw.headers[name] === undefined)
  )
}
