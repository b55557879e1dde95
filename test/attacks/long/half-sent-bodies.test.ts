import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PasswordHasher } from '../../../server/src/identity/index.ts'
import { engines } from '../../support/engines.ts'
import { type Account, cheapHasher, testWorld } from '../../support/world.ts'
import { rawClient, statusesIn } from '../support/raw-client.ts'

/** What becomes of a request whose head came while its caller could still do it, and whose body came afterwards. */
for (const engine of engines) {
  describe(`a request that waits for its body, on ${engine}`, async () => {
    const world = await testWorld({ engine, env: { PROPUSK_LOG_LEVEL: 'error' } })
    const { app } = world.server
    const address = await app.listen({ host: '127.0.0.1', port: 0 })
    const root = await world.superuser()

    /** Sends the head and half of the body, then does `meanwhile`, then sends the rest; gives the status. */
    async function half(
      method: string,
      path: string,
      { access }: Account,
      body: object,
      meanwhile: () => unknown,
    ) {
      const text = JSON.stringify(body)
      const head = `${method} /api/auth${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${access}\r\n`
      const form = `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n`
      const client = rawClient(address, head + form + text.slice(0, 3))
      // Until the server has read the head: nothing shows that from outside, and more time changes nothing.
      await sleep(100)
      await meanwhile()
      client.socket.write(text.slice(3))
      return statusesIn(await client.closed)[0]
    }

    const revokeAll = (account: Account) =>
      world
        .call('POST', '/token/revoke_all/', { token: account.access })
        .then(({ status }) => assert.equal(status, 200))

    it('a request whose caller was logged out while its body was sent makes no superuser', async () => {
      const thief = await world.register()
      const stolen = await world.superuser()
      const status = await half('PATCH', `/users/${thief.id}/`, stolen, { is_superuser: true }, () =>
        revokeAll(stolen),
      )
      assert.equal(status, 401)
      const row = await world.call('GET', `/users/${thief.id}/`, { token: root.access })
      assert.equal(row.body.is_superuser, false)
    })

    it('does nothing for an account that was closed', async () => {
      const closed = await world.superuser()
      const target = await world.register()
      const close = () =>
        world.call('PATCH', `/users/${closed.id}/`, { token: root.access, body: { is_active: false } })
      assert.equal(await half('PATCH', `/users/${target.id}/`, closed, { is_staff: true }, close), 401)
    })

    it('does nothing for a role that was taken', async () => {
      const editor = await world.withPermissions('resources:create')
      const take = () =>
        world.call('PATCH', `/users/${editor.id}/`, { token: root.access, body: { roles: [] } })
      const body = { name: 'Late', code_name: 'late' }
      assert.equal(await half('POST', '/resources/', editor, body, take), 403)
    })

    it('changes no password for a session that was ended', async () => {
      const owner = await world.register()
      const body = {
        current_password: owner.password,
        password: 'another long one',
        password2: 'another long one',
      }
      assert.equal(await half('POST', '/me/password/', owner, body, () => revokeAll(owner)), 401)
      assert.equal((await world.login(owner)).email, owner.email)
    })
  })

  describe(`a request that waits for a hash, on ${engine}`, async () => {
    const inner = cheapHasher()
    let verifying: PromiseWithResolvers<void> | undefined
    const released = Promise.withResolvers<void>()
    const hasher: PasswordHasher = {
      ...inner,
      async verify(...given) {
        if (verifying !== undefined) {
          verifying.resolve()
          await released.promise
        }
        return await inner.verify(...given)
      },
    }
    const world = await testWorld({ engine, hasher, env: { PROPUSK_LOG_LEVEL: 'error' } })

    it('changes no password once its session is over: the transaction itself asserts that', async () => {
      const owner = await world.register()
      const body = {
        current_password: owner.password,
        password: 'another long one',
        password2: 'another long one',
      }
      verifying = Promise.withResolvers()
      const change = world.call('POST', '/me/password/', { token: owner.access, body })
      await verifying.promise
      const revoked = await world.call('POST', '/token/revoke_all/', { token: owner.access })
      assert.equal(revoked.status, 200)
      verifying = undefined
      released.resolve()
      const { status, body: problem } = await change
      assert.deepEqual([status, problem.code], [401, 'invalid_token'])
      assert.equal((await world.login(owner)).email, owner.email)
    })
  })
}
