import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface PathProxy {
  /** `http://127.0.0.1:PORT`; the server is below the path. */
  readonly origin: string
  close(): Promise<void>
}

/** A reverse proxy that has a server below a path of its own host, and takes that path off on the way or leaves it on. */
export async function startPathProxy(
  path: string,
  target: () => string,
  handling: 'strips' | 'keeps',
): Promise<PathProxy> {
  const server = createServer((asked, answer) => {
    const url = asked.url ?? '/'
    if (url !== path && !url.startsWith(`${path}/`))
      return void answer.writeHead(404).end('another application')
    const rest = handling === 'keeps' ? url : url.slice(path.length) || '/'
    const { hostname, port } = new URL(target())
    const passed = request(
      { hostname, port, path: rest, method: asked.method, headers: asked.headers },
      found => {
        answer.writeHead(found.statusCode ?? 502, found.rawHeaders)
        found.pipe(answer)
      },
    )
    passed.on('error', () => answer.destroy())
    answer.on('close', () => passed.destroy())
    asked.pipe(passed)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}
