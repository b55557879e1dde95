import type { TcpProxy } from './tcp-proxy.ts'
import { testWorld, type World } from './world.ts'

/** A server whose address is known before it listens, behind a wire that can be cut. */
export async function startBehindProxy(
  proxy: TcpProxy,
  options: Parameters<typeof testWorld>[0] = {},
): Promise<World> {
  const world = await testWorld({ ...options, env: { PROPUSK_PUBLIC_URL: `http://127.0.0.1:${proxy.port}` } })
  const address = await world.server.app.listen({ host: '127.0.0.1', port: 0 })
  proxy.lead({ host: '127.0.0.1', port: Number(new URL(address).port) })
  proxy.heal()
  return world
}
