import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { type Account, testWorld } from '../../../test/support/world.ts'
import { modelCost } from './what-if/measure-effect.ts'

for (const engine of engines) {
  describe(`a preview of changes on ${engine}`, async () => {
    const { core, call, superuser, withPermissions, register } = await testWorld({ engine })
    const root = await superuser()
    const token = root.access
    const create = (path: string, name: string, more = {}) =>
      call('POST', path, { token, body: { name, code_name: name, ...more } })
    await create('/resources/', 'plans')
    await create('/actions/', 'approve')
    await create('/roles/', 'planner', { permissions: ['plans:read'] })

    const preview = (changes: unknown, more = {}, as = token) =>
      call('POST', '/access/preview/', { token: as, body: { changes, ...more } })
    const rolesOf = async ({ id }: Account): Promise<string[]> =>
      (await call('GET', `/users/${id}/`, { token })).body.roles
    const give = (account: Account, ...roles: string[]) =>
      call('PATCH', `/users/${account.id}/`, { token, body: { roles } })

    it('shows who gains what, with the names that a list shows', async () => {
      const account = await register()
      const names = { first_name: 'Anna', last_name: 'Ivanova', middle_name: null }
      await call('PATCH', `/users/${account.id}/`, { token, body: names })
      const answer = await preview([{ kind: 'give_role', user_id: account.id, role: 'planner' }])
      assert.equal(answer.status, 200, answer.text)
      assert.deepEqual(answer.body, {
        users: 1,
        gains: 1,
        losses: 0,
        results: [
          {
            user: { id: account.id, email: account.email, ...names },
            gains: ['plans:read'],
            losses: [],
          },
        ],
        truncated: false,
      })
      assert.deepEqual(await rolesOf(account), [], 'nothing is written')
    })

    it('costs more of the rate limit, the more the roles permit', async () => {
      const names = Array.from({ length: 30 }, (_, at) => `wide-${at}`)
      const before = await modelCost(core.stores.whatIf)
      for (const name of names) await create('/resources/', name)
      const actions = ['read', 'create', 'update', 'delete', 'all']
      const permissions = names.flatMap(name => actions.map(action => `${name}:${action}`))
      const made = await create('/roles/', 'wide', { permissions })
      assert.equal(await modelCost(core.stores.whatIf), before + permissions.length / 50)
      await call('DELETE', `/roles/${made.body.id}/`, { token })
      assert.equal(await modelCost(core.stores.whatIf), before)
    })

    it('a preview counts all who are touched, and lists as many as were asked for', async () => {
      await create('/roles/', 'crowd')
      const crowd = [await register(), await register(), await register()]
      for (const account of crowd) await give(account, 'crowd')
      const change = { kind: 'grant_permission', role: 'crowd', permission: 'plans:all' }
      const answer = await preview([change], { limit: 2 })
      const actions = (await call('GET', '/actions/', { token })).body.results.length
      assert.equal(answer.body.users, 3)
      assert.equal(answer.body.gains, 3 * actions, 'every action there is, all itself too')
      assert.equal(answer.body.truncated, true)
      assert.deepEqual(
        answer.body.results.map((each: { user: { id: number } }) => each.user.id),
        [crowd[0]!.id, crowd[1]!.id],
      )
    })

    it('a preview leaves out a user who has the same permission from another role', async () => {
      const account = await withPermissions('plans:all')
      await give(account, 'planner', ...(await rolesOf(account)))
      const answer = await preview([{ kind: 'take_role', user_id: account.id, role: 'planner' }])
      assert.deepEqual(answer.body, { users: 0, gains: 0, losses: 0, results: [], truncated: false })
    })

    it('lets a later change undo an earlier one', async () => {
      const account = await register()
      const change = { user_id: account.id, role: 'planner' }
      const answer = await preview([
        { kind: 'give_role', ...change },
        { kind: 'take_role', ...change },
      ])
      assert.equal(answer.body.users, 0)
    })

    for (const [what, changes, field] of [
      ['no changes', [], 'changes'],
      ['501 changes', Array(501).fill({ kind: 'delete_role', role: 'planner' }), 'changes'],
      ['an unknown kind', [{ kind: 'make_role', role: 'planner' }], 'changes.0.kind'],
      ['a missing field', [{ kind: 'give_role', user_id: 1 }], 'changes.0.role'],
      [
        'a field of another kind',
        [{ kind: 'delete_role', role: 'planner', user_id: 1 }],
        'changes.0.user_id',
      ],
      ['an unknown field', [{ kind: 'delete_role', role: 'planner', all: true }], 'changes.0.all'],
      ['an unknown role', [{ kind: 'delete_role', role: 'ghost' }], 'changes.0.role'],
      ['an unknown user', [{ kind: 'deactivate_user', user_id: 999_999 }], 'changes.0.user_id'],
      ['an unknown resource', [{ kind: 'delete_resource', resource: 'ghosts' }], 'changes.0.resource'],
      ['an unknown action', [{ kind: 'delete_action', action: 'fly' }], 'changes.0.action'],
      [
        'a permission of an unknown resource',
        [{ kind: 'grant_permission', role: 'planner', permission: 'ghosts:read' }],
        'changes.0.permission',
      ],
      [
        'a permission that is none',
        [{ kind: 'take_permission', role: 'planner', permission: 'plans' }],
        'changes.0.permission',
      ],
      ['a built-in resource', [{ kind: 'delete_resource', resource: 'users' }], 'changes.0.resource'],
      ['a built-in action', [{ kind: 'delete_action', action: 'all' }], 'changes.0.action'],
      [
        'a role that an earlier change has deleted',
        [
          { kind: 'delete_role', role: 'planner' },
          { kind: 'grant_permission', role: 'planner', permission: 'plans:read' },
        ],
        'changes.1.role',
      ],
      [
        'a role named as JavaScript names things',
        [{ kind: 'delete_role', role: '__proto__' }],
        'changes.0.role',
      ],
    ] as const) {
      it(`refuses ${what}, and names the field`, async () => {
        const answer = await preview(changes)
        assert.equal(answer.status, 400, answer.text)
        assert.deepEqual(Object.keys(answer.body.errors), [field])
      })
    }

    it('a preview refuses to leave no superuser, or to give more roles than a token holds', async () => {
      const supers = (await call('GET', '/users/?limit=200', { token })).body.results.filter(
        (user: { is_superuser: boolean; is_active: boolean }) => user.is_superuser && user.is_active,
      )
      const changes = supers.map((user: { id: number }) => ({ kind: 'deactivate_user', user_id: user.id }))
      const answer = await preview(changes)
      assert.equal(answer.status, 400)
      assert.deepEqual(Object.keys(answer.body.errors), [`changes.${changes.length - 1}.user_id`])
      assert.equal((await preview(changes.slice(1))).status, supers.length > 1 ? 200 : 400)

      const account = await register()
      const long = Array.from({ length: 41 }, (_, index) => `long-${index}-${'x'.repeat(91)}`)
      for (const name of long) await create('/roles/', name)
      const gifts = long.map(role => ({ kind: 'give_role', user_id: account.id, role }))
      const refused = await preview(gifts)
      assert.equal(refused.status, 400)
      assert.match(Object.keys(refused.body.errors)[0]!, /^changes\.(39|40)\.role$/)
      assert.equal((await give(account, ...long)).status, 400, 'as the write itself does')
    })

    it('a preview shows nothing to a caller who lacks either permission', async () => {
      const account = await register()
      for (const [held, missing] of [
        [[], /roles:read/],
        [['users:read'], /roles:read/],
        [['roles:read'], /users:read/],
      ] as const) {
        const asking = held.length === 0 ? account : await withPermissions(...held)
        const answers = [
          await preview([{ kind: 'deactivate_user', user_id: account.id }], {}, asking.access),
          await preview([{ kind: 'deactivate_user', user_id: 999_999 }], {}, asking.access),
          await preview('nonsense', {}, asking.access),
        ]
        for (const answer of answers) {
          assert.equal(answer.status, 403)
          assert.match(answer.body.detail, missing)
        }
      }
      const able = await withPermissions('roles:read', 'users:read')
      assert.equal((await preview([{ kind: 'delete_role', role: 'planner' }], {}, able.access)).status, 200)
      assert.equal((await call('POST', '/access/preview/', { body: {} })).status, 401)
    })
  })
}
