import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createUser, initialFields } from '../../server/src/identity/index.ts'
import { engines } from '../support/engines.ts'
import { browserHeaders } from '../support/sample-requests.ts'
import { printToken, superusersIn } from '../support/setup-link.ts'
import { goodPassword, testWorld, type World } from '../support/world.ts'

const post = async (address: string, path: string, body: object) => {
  const answer = await fetch(`${address}/api/auth${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...browserHeaders() },
    body: JSON.stringify(body),
  })
  const text = await answer.text()
  return { status: answer.status, body: text === '' ? {} : JSON.parse(text) }
}
const account = { email: 'root@example.com', password: goodPassword, password2: goodPassword }
const listen = ({ server }: World) => server.app.listen({ host: '127.0.0.1', port: 0 })

for (const engine of engines) {
  describe(`the first start of a server, over HTTP, on ${engine}`, () => {
    it('goes from the printed link to a superuser who makes the next one, and the link is over', async () => {
      const world = await testWorld({ engine })
      const address = await listen(world)
      await world.register()
      const token = await printToken(world)
      assert.equal((await post(address, '/setup/check/', { token: 'wrong' })).status, 404)
      assert.equal((await post(address, '/setup/check/', { token })).status, 204)
      const made = await post(address, '/setup/', { token, ...account })
      assert.equal(made.status, 201, JSON.stringify(made.body))

      const colleague = { email: 'next@example.com', password: goodPassword, is_superuser: true }
      const next = await world.call('POST', '/users/', { token: made.body.access, body: colleague })
      assert.equal(next.status, 201, next.text)
      for (const path of ['/setup/check/', '/setup/']) {
        const body = path === '/setup/' ? { token, ...account, email: 'thief@example.com' } : { token }
        assert.equal((await post(address, path, body)).body.code, 'not_found')
      }
      assert.deepEqual(await superusersIn(world), ['root@example.com', 'next@example.com'])
      assert.equal(await world.server.setup.print('http://localhost:8000'), undefined)
    })

    it('is gone through anew after a restart, by the new link alone', async () => {
      const first = await testWorld({ engine })
      const { databaseUrl } = first.core.config
      const token = await printToken(first)
      // The process that was killed has taken nothing back: the next start of the same server does.
      const second = await testWorld({ engine, databaseUrl, clock: first.clock })
      const newer = await printToken(second)
      const address = await listen(second)
      assert.equal((await post(address, '/setup/', { token, ...account })).status, 404)
      assert.equal((await post(address, '/setup/', { token: newer, ...account })).status, 201)
    })

    it('leaves no link that works behind when the server is stopped', async () => {
      const first = await testWorld({ engine, env: { PROPUSK_PORT: '8001' } })
      const { databaseUrl } = first.core.config
      const token = await printToken(first)
      const address = await listen(
        await testWorld({ engine, databaseUrl, clock: first.clock, env: { PROPUSK_PORT: '8002' } }),
      )
      assert.equal((await post(address, '/setup/check/', { token })).status, 204)
      await first.close()
      assert.equal((await post(address, '/setup/check/', { token })).status, 404)
    })

    it('is over when a command has made a superuser', async () => {
      const world = await testWorld({ engine })
      const address = await listen(world)
      const token = await printToken(world)
      const { core } = world
      const { passwordMinLength } = core.config
      const nobody = { principal: null, origin: null }
      await createUser({ ...core, users: core.stores.users, passwordMinLength }, nobody, {
        email: 'boss@example.com',
        password: goodPassword,
        ...initialFields,
        isSuperuser: true,
        roles: [],
      })
      assert.equal((await post(address, '/setup/', { token, ...account })).status, 404)
      assert.deepEqual(await superusersIn(world), ['boss@example.com'])
    })
  })
}
