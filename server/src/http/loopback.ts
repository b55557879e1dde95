import type { IncomingMessage } from 'node:http'
import { isLoopback } from '../addresses/index.ts'

const forwardingHeaders = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'] as const

/**
 * Whether the request was made on this machine. The socket decides and no header can say so; a request that a
 * proxy on this machine passed on comes from elsewhere, whatever its socket says.
 */
export const isLocalRequest = ({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): boolean =>
  isLoopback(socket.remoteAddress ?? '') && forwardingHeaders.every(name => headers[name] === undefined)
