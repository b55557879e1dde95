import { connect, createServer, type Socket } from 'node:net'

/** A balancer of TCP connections: each goes to a server at random, and any can be cut. */
export interface Balancer {
  readonly port: number
  /** From now on new connections go to one of these ports. */
  lead(ports: readonly number[]): void
  /** Resets one connection at random; false where there is none. */
  cutOne(): boolean
  close(): Promise<void>
}

export async function startBalancer(random: () => number): Promise<Balancer> {
  let ports: readonly number[] = []
  const open = new Set<Socket>()
  const pick = <T>(all: readonly T[]): T | undefined => all[Math.floor(random() * all.length)]
  const server = createServer(inner => {
    const outer = connect(pick(ports)!, '127.0.0.1')
    open.add(inner)
    for (const [from, to] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      from.on('error', () => {})
      from.on('close', () => to.destroy())
      from.pipe(to)
    }
    inner.on('close', () => open.delete(inner))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The balancer has no port.')
  return {
    port: address.port,
    lead(to) {
      ports = to
    },
    cutOne() {
      const chosen = pick([...open])
      chosen?.resetAndDestroy()
      return chosen !== undefined
    },
    async close() {
      for (const socket of open) socket.destroy()
      await new Promise<void>(resolve => server.close(() => resolve()))
    },
  }
}
