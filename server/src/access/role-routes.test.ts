import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { testWorld, type World } from '../../../test/support/world.ts'

for (const engine of engines) {
  describe(`roles on ${engine}`, () => {
    let world: World
    let root: string
    before(async () => {
      world = await testWorld({ engine })
      root = (await world.superuser()).access
    })

    test('a role is made, read, changed and deleted', async () => {
      const { call } = world
      const made = await call('POST', '/roles/', {
        token: root,
        body: { name: 'Clerk', code_name: 'clerk', permissions: ['users:read', 'audit:all'] },
      })
      assert.equal(made.status, 201, made.text)
      const { id } = made.body
      assert.deepEqual(made.body, {
        id,
        name: 'Clerk',
        code_name: 'clerk',
        description: null,
        permissions: ['audit:all', 'users:read'],
      })
      const read = await call('GET', `/roles/${id}/`, { token: root })
      assert.deepEqual(read.body, made.body)
    })
  })
}
