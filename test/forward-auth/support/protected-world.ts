import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { testWorld, type World } from '../../support/world.ts'

/** A service that answers with the headers and the target that reached it. */
export async function startEcho() {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ target: request.url, method: request.method, headers: request.headers }))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise<void>(resolve => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

export interface Rule {
  readonly host?: string
  readonly path: string
  readonly methods?: readonly string[]
  readonly access: string
  readonly acr?: string
  readonly max_age?: number
}

export const usualRules: readonly Rule[] = [
  { path: '/open/*', access: 'public' },
  { path: '/echo/open', access: 'public' },
  { path: '/*', methods: ['GET'], access: 'signed_in' },
  { path: '/admin/*', access: 'documents:read' },
]

/** A listening server that trusts proxies on this machine, with these rules. */
export async function startProtected(env: Record<string, string> = {}, rules = usualRules) {
  const world: World = await testWorld({ env: { PROPUSK_TRUST_PROXY: '127.0.0.1', ...env } })
  const origin = await world.server.app.listen({ host: '127.0.0.1', port: 0 })
  const chief = await world.superuser()
  const make = async (path: string, body: unknown) => {
    const answer = await world.call('POST', path, { token: chief.access, body })
    assert.equal(answer.status, 201, answer.text)
    return answer.body
  }
  await make('/resources/', { name: 'documents', code_name: 'documents' })
  for (const rule of rules) await make('/forward_rules/', { host: 'app.example.org', ...rule })
  return { world, chief, make, port: Number(new URL(origin).port) }
}
