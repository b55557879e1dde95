import { connect, createServer, type Socket } from 'node:net'

/** A wire between a program and a TCP server, which can be cut or fall silent. */
export interface TcpProxy {
  readonly port: number
  /** Every connection is reset, and every new one at once. */
  cut(): void
  /** Nothing goes through any more and nobody is told: connections stay open, new ones are taken and left waiting. */
  stall(): void
  /** Lets everything through again. What was held back by `stall` arrives late, as after a lost route. */
  heal(): void
  /** Every connection is reset, and new ones lead there from now on, as when a proxy fails over. */
  lead(to: Target): void
  close(): Promise<void>
}

interface Target {
  readonly host: string
  readonly port: number
}

type State = 'open' | 'cut' | 'silent'

export async function startTcpProxy(first: Target): Promise<TcpProxy> {
  let target = first
  let state: State = 'open'
  const pairs = new Set<Pair>()
  const server = createServer({ pauseOnConnect: true }, inner => {
    inner.on('error', () => {})
    if (state === 'cut') return void inner.resetAndDestroy()
    const pair = new Pair(inner, target, () => pairs.delete(pair))
    pairs.add(pair)
    if (state === 'open') pair.open()
  })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject).listen(0, '127.0.0.1', () => resolve())
  await promise
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The proxy has no port.')
  const cut = () => {
    state = 'cut'
    for (const pair of pairs) pair.reset()
  }
  return {
    port: address.port,
    cut,
    stall() {
      state = 'silent'
      for (const pair of pairs) pair.pause()
    },
    heal() {
      state = 'open'
      for (const pair of pairs) pair.open()
    },
    lead(to) {
      target = to
      for (const pair of pairs) pair.reset()
    },
    async close() {
      cut()
      const closed = Promise.withResolvers<void>()
      server.close(() => closed.resolve())
      await closed.promise
    },
  }
}

/** Both ends of one connection; the outer one is made when something may go through for the first time. */
class Pair {
  readonly #inner: Socket
  readonly #target: Target
  #outer: Socket | undefined

  constructor(inner: Socket, target: Target, onClosed: () => void) {
    this.#inner = inner
    this.#target = target
    inner.on('close', () => {
      this.#outer?.destroy()
      onClosed()
    })
  }

  open(): void {
    if (this.#outer === undefined) {
      const outer = connect(this.#target)
      // Whoever is behind has gone: the other end hears of it by `close`.
      outer.on('error', () => {})
      outer.on('close', () => this.#inner.destroy())
      this.#outer = outer
      pour(this.#inner, outer)
      pour(outer, this.#inner)
    }
    this.#inner.resume()
    this.#outer.resume()
  }

  pause(): void {
    this.#inner.pause()
    this.#outer?.pause()
  }

  reset(): void {
    // A socket that has said goodbye cannot be reset any more, and would stay open for good.
    if (this.#inner.writableEnded) this.#inner.destroy()
    else this.#inner.resetAndDestroy()
    this.#outer?.destroy()
  }
}

/** Without `pipe`, which would resume by itself what was paused to be silent. */
function pour(from: Socket, to: Socket): void {
  from.on('data', chunk => to.write(chunk))
  from.on('end', () => to.end())
}

/** The same database, seen through the proxy. */
export function throughProxy(databaseUrl: string, proxy: TcpProxy): string {
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String(proxy.port)
  return url.href
}

export const addressOf = (databaseUrl: string): { host: string; port: number } => {
  const { hostname, port } = new URL(databaseUrl)
  return { host: hostname, port: Number(port || 5432) }
}
