import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { RoleState } from '@propusk/gate/core'
import { engines } from '../../../test/support/engines.ts'
import { type Account, testWorld } from '../../../test/support/world.ts'
import type { UserId } from '../kernel/index.ts'

const rounds = 6

for (const engine of engines) {
  describe(`changes of roles at the same time on ${engine}`, async () => {
    const { call, core, server, superuser, register } = await testWorld({ engine })
    const root = (await superuser()).access
    let counter = 0

    const make = async (table: 'roles' | 'resources', more: object = {}) => {
      const code = `raced-${++counter}`
      const body = { name: code, code_name: code, ...more }
      const answer = await call('POST', `/${table}/`, { token: root, body })
      assert.equal(answer.status, 201, answer.text)
      return answer.body as { id: number; code_name: string }
    }
    const patch = async (path: string, body: object) =>
      (await call('PATCH', path, { token: root, body })).status
    const remove = async (path: string) => (await call('DELETE', path, { token: root })).status

    /** What the gate knows of each role is what the database says. */
    const assertGateKnowsRoles = async () => {
      const byId = (left: RoleState, right: RoleState) => left.roleId - right.roleId
      const known = server.gate.snapshot().roles.toSorted(byId)
      assert.deepEqual(known, (await core.stores.permissions.readRoles()).toSorted(byId))
    }
    const assertGateKnowsUser = async ({ id, access }: Account) => {
      const verdict = server.gate.authenticate(access, core.clock.nowMs(), core.clock.monotonicMs())
      assert.ok(verdict.ok)
      const { roles } = await core.stores.userGrants.get(id as UserId)
      assert.deepEqual([...server.gate.grantsOf(verdict.claims).roles].sort(), roles)
    }

    test('a role that is deleted while it is given is held by no user in the end, in the gate as well', async () => {
      for (let round = 0; round < rounds; round++) {
        const role = await make('roles')
        const users = await Promise.all([register(), register(), register()])
        const statuses = await Promise.all([
          ...users.map(user => patch(`/users/${user.id}/`, { roles: [role.code_name] })),
          remove(`/roles/${role.id}/`),
          ...users.map(user => patch(`/users/${user.id}/`, { roles: [role.code_name] })),
        ])
        for (const status of statuses) assert.ok([200, 204, 400].includes(status), String(statuses))
        for (const user of users) {
          assert.deepEqual((await core.stores.userGrants.get(user.id as UserId)).roles, [])
          await assertGateKnowsUser(user)
        }
      }
      await assertGateKnowsRoles()
    })

    test('a role renamed while others are given and taken leaves the gate with what the database says', async () => {
      for (let round = 0; round < rounds; round++) {
        const [first, second] = [await make('roles'), await make('roles')]
        const user = await register()
        const path = `/users/${user.id}/`
        await patch(path, { roles: [first.code_name] })
        const statuses = await Promise.all([
          patch(path, { roles: [first.code_name, second.code_name] }),
          patch(`/roles/${first.id}/`, { code_name: `${first.code_name}-new` }),
          patch(path, { roles: [second.code_name] }),
          patch(path, { roles: [] }),
        ])
        for (const status of statuses) assert.ok([200, 400].includes(status), String(statuses))
        await assertGateKnowsUser(user)
      }
      await assertGateKnowsRoles()
    })

    test('a resource deleted while a role is given a permission on it leaves no such permission', async () => {
      for (let round = 0; round < rounds; round++) {
        const resource = await make('resources')
        const permission = `${resource.code_name}:read`
        const roles = [await make('roles'), await make('roles', { permissions: [permission] })]
        const statuses = await Promise.all([
          ...roles.map(role => patch(`/roles/${role.id}/`, { permissions: [permission, 'users:read'] })),
          remove(`/resources/${resource.id}/`),
          ...roles.map(role => patch(`/roles/${role.id}/`, { permissions: [permission] })),
        ])
        for (const status of statuses) assert.ok([200, 204, 400].includes(status), String(statuses))
        await assertGateKnowsRoles()
      }
    })

    test('of many changes of one role the gate keeps the one that the database keeps', async () => {
      const role = await make('roles')
      const sets = [['users:read'], ['audit:read'], ['roles:all', 'users:all'], [], ['tokens:delete']]
      const statuses = await Promise.all(
        sets.flatMap(permissions => [
          patch(`/roles/${role.id}/`, { permissions }),
          patch(`/roles/${role.id}/`, { description: permissions.join() }),
        ]),
      )
      assert.deepEqual([...new Set(statuses)], [200])
      await assertGateKnowsRoles()
    })
  })
}
