import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { testWorld } from '../../../test/support/world.ts'

const allOfOwner = [...['create', 'update', 'delete'].map(action => `api_keys:${action}`), 'users:all']

for (const engine of engines) {
  describe(`a program by an API key, on ${engine}`, async () => {
    const world = await testWorld({ engine })
    const owner = await world.withPermissions(...allOfOwner)

    const make = async (body: Record<string, unknown>, token = owner.access) => {
      const answer = await world.call('POST', '/api_keys/', { token, body: { name: 'a service', ...body } })
      assert.equal(answer.status, 201, answer.text)
      return answer.body
    }

    it('is not its owner: it changes no account that holds more than it does, its own owner’s neither', async () => {
      const admin = await world.withPermissions(
        'api_keys:create',
        'users:update',
        'users:delete',
        'audit:read',
      )
      const given = ['users:update', 'users:delete']
      for (const [permissions, status] of [
        [given, 403],
        [[...given, 'audit:read', 'api_keys:create'], 200],
      ] as const) {
        const { key } = await make({ permissions }, admin.access)
        const path = `/users/${admin.id}/`
        const change = (body: object) => world.call('PATCH', path, { token: key, body })
        assert.equal((await change({ email: `of-${status}-${admin.id}@example.com` })).status, status)
        assert.equal((await change({ first_name: 'Anna' })).status, status)
        if (status === 403) assert.equal((await world.call('DELETE', path, { token: key })).status, 403)
      }
    })

    it('gets no other key of its owner: it rotates itself alone, and ends only what it outranks', async () => {
      const strong = await make({ permissions: ['users:all'] })
      const { key, id } = await make({ permissions: ['api_keys:update', 'api_keys:delete'] })
      const rotate = (keyId: number) =>
        world.call('POST', `/api_keys/${keyId}/rotate/`, { token: key, body: { overlap: '1h' } })
      assert.equal((await rotate(strong.id)).status, 403)
      assert.equal((await world.call('DELETE', `/api_keys/${strong.id}/`, { token: key })).status, 403)
      assert.equal((await rotate(id)).status, 200)
      const all = await make({ permissions: [...allOfOwner] })
      const other = await world.call('POST', `/api_keys/${strong.id}/rotate/`, { token: all.key, body: {} })
      assert.equal(other.status, 403)
      assert.equal((await world.call('DELETE', `/api_keys/${strong.id}/`, { token: all.key })).status, 204)
    })
  })
}
