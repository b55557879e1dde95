import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer } from './node-http.ts'

/**
 * The listening socket. It opens before the house behind it stands, so that a restart shows to clients as a short
 * wait and not as a refused connection: what comes early waits, and only «are you alive?» is answered at once.
 */
export interface Door {
  readonly server: Server
  /** Takes the address. Rejects with Node's own error, such as EADDRINUSE. Harmless when it listens already. */
  listen(at: { host: string; port: number }): Promise<void>
  /** Whoever waits goes in, and everybody who comes from now on. */
  admit(house: RequestListener): void
  /** Takes nobody new, sends away who still waits, and resolves when the last answer is out. */
  close(): Promise<void>
  /** `http://127.0.0.1:8000` */
  readonly address: string
}

type Visitor = { request: IncomingMessage; response: ServerResponse; patience: NodeJS.Timeout }

/** A start takes less; while a long migration runs, a client should rather try another node. */
const waitAtMostMs = 5_000
const maxWaiting = 1_000

/** As the house would say it, if it stood (RFC 9457). */
const unavailable = {
  headers: {
    'content-type': 'application/problem+json; charset=utf-8',
    'content-language': 'en',
    'retry-after': '1',
    connection: 'close',
  },
  body: JSON.stringify({
    type: 'urn:propusk:problem:unavailable',
    title: 'Unavailable',
    status: 503,
    detail: 'The server is starting. Try again in a moment.',
    code: 'unavailable',
  }),
}

/** How long, and how often, a client may keep the server waiting. */
export interface DoorLimits {
  /** From the first byte of a request, or from the connection, to the end of the headers; to the end of the body. */
  readonly headersTimeoutMs: number
  readonly requestTimeoutMs: number
  /** How often these two are looked at: a client may have so much more. */
  readonly checkEveryMs: number
  /** Between two requests. Longer than the idle timeouts of common proxies, so that it is the proxy that hangs up. */
  readonly keepAliveMs: number
  /** Without a byte in either direction, such as a client that never reads its answer. Longer than any of our work takes. */
  readonly silenceMs: number
  /** Beyond it a new connection is closed at once. One costs some 20 KB. */
  readonly maxConnections: number
}

export const defaultLimits: DoorLimits = {
  headersTimeoutMs: 15_000,
  requestTimeoutMs: 30_000,
  checkEveryMs: 5_000,
  keepAliveMs: 72_000,
  silenceMs: 60_000,
  maxConnections: 10_000,
}

/** An open server, bounded by `limits` in time and number. */
function boundedServer(limits: DoorLimits, listener: RequestListener): Server {
  const server = createServer(
    {
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      connectionsCheckingInterval: limits.checkEveryMs,
      keepAliveTimeout: limits.keepAliveMs,
      // A missing Host is answered by the house, in our form, instead of by Node with a bare 400.
      requireHostHeader: false,
    },
    listener,
  )
  server.timeout = limits.silenceMs
  server.maxConnections = limits.maxConnections
  // Node would silently drop what comes after the 2,000th, a second Host or the proxy's own word included. Their size
  // is bounded: 16 KB for all of them.
  server.maxHeadersCount = 0
  return server
}

export function createDoor(
  headers: Readonly<Record<string, string>>,
  limits: DoorLimits = defaultLimits,
): Door {
  let house: RequestListener | undefined
  const waiting = new Set<Visitor>()

  const answer = (response: ServerResponse, status: number, more: Record<string, string>, body = '') =>
    response.writeHead(status, { ...headers, ...more }).end(body)
  const sendAway = ({ request, response, patience }: Visitor) => {
    clearTimeout(patience)
    answer(response, 503, unavailable.headers, unavailable.body)
    request.resume()
  }
  const wait = (request: IncomingMessage, response: ServerResponse) => {
    const visitor: Visitor = { request, response, patience: setTimeout(() => giveUp(visitor), waitAtMostMs) }
    waiting.add(visitor)
  }
  const giveUp = (visitor: Visitor) => {
    if (waiting.delete(visitor)) sendAway(visitor)
  }

  const server = boundedServer(limits, (request, response) => {
    if (house !== undefined) return house(request, response)
    if (request.method === 'GET' && /^\/health\/live\/?$/.test(request.url ?? '')) {
      return answer(response, 200, { 'content-type': 'application/json; charset=utf-8' }, '{"status":"ok"}')
    }
    if (waiting.size < maxWaiting) return wait(request, response)
    answer(response, 503, unavailable.headers, unavailable.body)
  })

  return {
    server,
    async listen(at) {
      if (server.listening) return
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(at, () => {
          server.off('error', reject)
          resolve()
        })
      })
    },
    admit(listener) {
      house = listener
      for (const { request, response, patience } of waiting) {
        clearTimeout(patience)
        listener(request, response)
      }
      waiting.clear()
    },
    async close() {
      for (const visitor of waiting) sendAway(visitor)
      waiting.clear()
      if (server.listening) await new Promise(resolve => server.close(resolve))
    },
    get address() {
      const { address, family, port } = server.address() as AddressInfo
      return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
    },
  }
}
