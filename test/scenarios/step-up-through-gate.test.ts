import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, describe, it } from 'node:test'
import { getRequestListener } from '@hono/node-server'
import { createSession, isProblem, memoryTokens, type SessionOptions } from '@propusk/client'
import { connectGate, type Principal } from '@propusk/gate'
import { guard } from '@propusk/gate/fetch'
import { startBehindProxy } from '../support/behind-proxy.ts'
import { engines, freshDatabaseUrl } from '../support/engines.ts'
import { eventually } from '../support/eventually.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'
import { enrolTotp } from '../support/totp.ts'

for (const engine of engines) {
  describe(`an API of its own that asks for a step-up, beside a server on ${engine}`, async () => {
    const proxy = await startTcpProxy({ host: '127.0.0.1', port: 1 })
    const databaseUrl = await freshDatabaseUrl(engine)
    const world = await startBehindProxy(proxy, { engine, databaseUrl })
    const issuer = `http://127.0.0.1:${proxy.port}`
    const chief = await world.superuser()
    const make = async (path: string, body: object) => {
      const made = await world.call('POST', path, { token: chief.access, body })
      assert.equal(made.status, 201, made.text)
      return made.body
    }
    await make('/resources/', { name: 'Payments', code_name: 'payments' })
    const { key } = await make('/api_keys/', { name: 'payments', permissions: ['changes:read'] })
    const gate = await connectGate({ issuer, key })
    const levelOf = (_: Request, { authentication }: Principal) => Response.json({ acr: authentication.acr })
    const read = guard(gate, 'payments', levelOf)
    const create = guard(gate, 'payments', levelOf, { stepUp: { acr: 'aal2', maxAgeSeconds: 600 } })
    const api = createServer(
      getRequestListener(request => (request.method === 'POST' ? create : read)(request)),
    ).listen(0, '127.0.0.1')
    await once(api, 'listening')
    const payments = `http://127.0.0.1:${(api.address() as AddressInfo).port}/payments`
    after(() => {
      gate.close()
      api.close().closeAllConnections()
      proxy.close()
    })

    const signedIn = async (stepUp?: SessionOptions['stepUp']) => {
      const person = await world.withPermissions('payments:read', 'payments:create')
      const store = memoryTokens(person)
      const session = createSession({ baseUrl: issuer, store, name: person.email, ...(stepUp && { stepUp }) })
      await session.start()
      after(() => session.close())
      assert.ok(await eventually(async () => (await session.fetch(payments)).status === 200))
      return { person, session, store }
    }
    const pay = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }

    it('is served once the person has shown the factor that its 401 asks for', async () => {
      let app: Awaited<ReturnType<typeof enrolTotp>> | undefined
      const demands: unknown[] = []
      const { person, session, store } = await signedIn(async ({ stepUp }, session) => {
        demands.push(stepUp)
        // A wrong code is told to who asks, who asks again.
        await assert.rejects(session.confirm({ totp: '000000' }), error =>
          isProblem(error, 'invalid_request'),
        )
        await session.confirm({ totp: app!.next() })
      })
      app = await enrolTotp(world, person)
      const [one, two] = await Promise.all([session.fetch(payments, pay), session.fetch(payments, pay)])
      assert.deepEqual([one.status, two.status], [200, 200])
      assert.deepEqual(await one.json(), { acr: 'aal2' })
      assert.deepEqual(demands, [{ acr: 'aal2', maxAgeSeconds: 600 }])
      // It goes on with the tokens of the step-up, which is what the store holds.
      const kept = await store.read()
      assert.equal(kept!.access, await session.read())
      assert.equal((await session.fetch(payments, pay)).status, 200)
      assert.equal(demands.length, 1)
      // The server's own routes ask by the same way: here for an age, too.
      world.clock.advance(9 * 60_000)
      assert.equal((await session.fetch(payments, pay)).status, 200)
    })

    it('answers 401 to who gives up, and to a page that asks nobody', async () => {
      for (const stepUp of [async () => false, undefined]) {
        const { session } = await signedIn(stepUp)
        const answer = await session.fetch(payments, pay)
        assert.equal(answer.status, 401)
        const problem = (await answer.json()) as Record<string, unknown>
        assert.deepEqual([problem.code, problem.acr_values], ['insufficient_user_authentication', 'aal2'])
        assert.equal(session.state, 'signed-in')
      }
    })
  })
}
