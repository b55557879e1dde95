import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { testWorld } from '../../../test/support/world.ts'

for (const engine of engines) {
  describe(`the own profile on ${engine}`, async () => {
    const world = await testWorld({ engine })
    const profileOf = async (token: string) => (await world.call('GET', '/me/', { token })).body

    it('shows roles and permissions, sorted and each once', async () => {
      const root = await world.superuser()
      for (const [code_name, permissions] of [
        ['writer', ['users:update', 'roles:read']],
        ['reader', ['users:read', 'roles:read']],
      ] as const) {
        await world.call('POST', '/roles/', {
          token: root.access,
          body: { name: code_name, code_name, permissions },
        })
      }
      const anna = await world.register()
      assert.deepEqual((await profileOf(anna.access)).roles, [])
      await world.call('PATCH', `/users/${anna.id}/`, {
        token: root.access,
        body: { roles: ['writer', 'reader'] },
      })
      // With the token from before: what counts is what the next request would be authorized by.
      const { id, email, roles, permissions } = await profileOf(anna.access)
      assert.deepEqual(
        { id, email, roles, permissions },
        {
          id: anna.id,
          email: anna.email,
          roles: ['reader', 'writer'],
          permissions: ['roles:read', 'users:read', 'users:update'],
        },
      )
    })

    it('follows a role whose permissions change', async () => {
      const root = await world.superuser()
      const anna = await world.withPermissions('audit:read')
      const { roles } = await profileOf(anna.access)
      const { body } = await world.call('GET', `/roles/?search=${roles[0]}`, { token: root.access })
      await world.call('PATCH', `/roles/${body.results[0].id}/`, {
        token: root.access,
        body: { permissions: ['users:read', 'sessions:all'] },
      })
      assert.deepEqual((await profileOf(anna.access)).permissions, ['sessions:all', 'users:read'])
    })

    it('shows a superuser every permission that exists, also those that no role has', async () => {
      const root = await world.superuser()
      const made = await world.call('POST', '/permissions/', {
        token: root.access,
        body: { resource: 'tokens', action: 'update' },
      })
      assert.equal(made.status, 201)
      const { permissions } = await profileOf(root.access)
      assert.ok(permissions.includes('tokens:update'))
      assert.deepEqual(permissions, permissions.toSorted())
    })

    it('holds no password hash', async () => {
      const anna = await world.register()
      assert.ok(!JSON.stringify(await profileOf(anna.access)).includes('argon2'))
    })
  })
}
