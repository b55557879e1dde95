import type { IncomingMessage } from 'node:http'
import { BlockList, isIPv6 } from 'node:net'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

const forwardingHeaders = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'] as const

/**
 * Whether the request was made on this machine. The socket decides and no header can say so; a request that a
 * proxy on this machine passed on comes from elsewhere, whatever its socket says.
 */
export function isLocalRequest({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): boolean {
  const address = socket.remoteAddress ?? ''
  return (
    loopback.check(address, isIPv6(address) ? 'ipv6' : 'ipv4') &&
    forwardingHeaders.every(name => headers[name] === undefined)
  )
}
