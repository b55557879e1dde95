import { connect, type Socket } from 'node:net'

/** A client that sends bytes as they are. */
export interface RawClient {
  readonly socket: Socket
  /** Everything that was answered so far. */
  text(): string
  /** Resolves with everything that was answered, once the connection is gone, however it went. */
  readonly closed: Promise<string>
}

export function rawClient(address: string, bytes: string | Buffer = ''): RawClient {
  const { hostname, port } = new URL(address)
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
  let text = ''
  socket.setEncoding('latin1').on('data', (part: string) => {
    text += part
  })
  // Whoever hangs up on rudeness may do so in the middle of it.
  socket.on('error', () => {})
  socket.on('end', () => socket.end())
  const closed = new Promise<string>(resolve => socket.on('close', () => resolve(text)))
  if (bytes.length > 0) socket.write(bytes)
  return { socket, text: () => text, closed }
}

/** Sends bytes and says that there are no more; resolves with all that was answered. */
export function sendRaw(address: string, bytes: string | Buffer): Promise<string> {
  const { socket, closed } = rawClient(address)
  socket.end(bytes)
  return closed
}

/** The statuses of the answers in a stream of them. */
export const statusesIn = (text: string): number[] =>
  [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
