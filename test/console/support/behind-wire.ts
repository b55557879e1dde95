import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts'
import { type ConsolePage, type ConsoleWorld, openPage } from './console-world.ts'

export interface Wire extends Pick<TcpProxy, 'cut' | 'heal' | 'close'> {
  readonly address: string
  open(options?: Parameters<ConsoleWorld['open']>[0]): Promise<ConsolePage>
}

/** The same server at an address where it can be gone for a while, and be back. */
export async function behindWire(world: ConsoleWorld): Promise<Wire> {
  const { hostname, port } = new URL(world.address)
  const proxy = await startTcpProxy({ host: hostname, port: Number(port) })
  const address = `http://127.0.0.1:${proxy.port}`
  return {
    address,
    cut: () => proxy.cut(),
    heal: () => proxy.heal(),
    close: () => proxy.close(),
    open: options => openPage(world.browser, address, options),
  }
}
