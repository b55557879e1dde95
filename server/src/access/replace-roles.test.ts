import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { type Account, testWorld } from '../../../test/support/world.ts'
import { type Principal, Rejection, type SessionId, type UserId } from '../kernel/index.ts'
import { assertMayTouch } from './rank.ts'
import { replaceRoles } from './replace-roles.ts'

const asPrincipal = ({ id }: Account): Principal => ({
  userId: id as UserId,
  sessionId: '' as SessionId,
  roles: [],
  isSuperuser: false,
  accessUntilMs: 0,
})

const isDenied = (key: string) => (error: unknown) =>
  error instanceof Rejection && error.code === 'permission_denied' && error.detail?.key === key

for (const engine of engines) {
  describe(`giving and taking roles on ${engine}`, async () => {
    const { call, core, superuser, withPermissions, register } = await testWorld({ engine })
    const chief = await superuser()
    let counter = 0

    const makeRole = async (...permissions: string[]): Promise<string> => {
      const code = `given-${++counter}`
      const body = { name: code, code_name: code, permissions }
      const answer = await call('POST', '/roles/', { token: chief.access, body })
      assert.equal(answer.status, 201, answer.text)
      return code
    }
    const replace = (principal: Account | null, user: Account, ...roles: string[]) =>
      core.transaction(stores =>
        replaceRoles(stores, {
          principal: principal && asPrincipal(principal),
          userId: user.id as UserId,
          roles,
          nowMs: core.clock.nowMs(),
        }),
      )
    const rolesOf = async ({ id }: Account) => (await core.stores.userGrants.get(id as UserId)).roles
    const changes = () => core.database.read.selectFrom('changes').select('details').orderBy('id').execute()
    const countChanges = async () => (await changes()).length

    test('the rank of the command line is not checked, and the change is sent to the gates', async () => {
      const user = await register()
      const role = await makeRole('users:delete')
      assert.deepEqual(await replace(null, user, role), { before: [], after: [role] })
      const [{ id } = { id: 0 }] = await core.stores.roles.findByCodeNames([role])
      assert.deepEqual(JSON.parse((await changes()).at(-1)!.details), {
        kind: 'user_roles',
        userId: user.id,
        roleIds: [id],
        roles: [role],
        isSuperuser: false,
      })
      assert.deepEqual(await replace(null, user), { before: [role], after: [] })
    })

    test('unknown roles are named, and nothing is written', async () => {
      const user = await register()
      const role = await makeRole()
      await assert.rejects(replace(null, user, role, 'ghost', 'spectre'), (error: unknown) => {
        assert.ok(error instanceof Rejection && error.code === 'invalid_request')
        assert.deepEqual(
          error.errors?.roles?.map(each => each.values?.role),
          ['ghost', 'spectre'],
        )
        return true
      })
      assert.deepEqual(await rolesOf(user), [])
    })

    test('giving and taking a role needs every permission of it', async () => {
      const clerk = await withPermissions('audit:read', 'users:all')
      const held = await makeRole('audit:read', 'users:update')
      const beyond = await makeRole('audit:read', 'roles:read')
      const user = await register()
      await replace(clerk, user, held)
      await assert.rejects(replace(clerk, user, held, beyond), isDenied('permission.not_held'))
      await replace(null, user, held, beyond)
      await assert.rejects(replace(clerk, user, held), isDenied('permission.not_held'))
      assert.deepEqual(await replace(clerk, user, beyond), { before: [held, beyond], after: [beyond] })
      assert.deepEqual(await rolesOf(user), [beyond])
    })

    test('a caller cannot change their own roles, not even to fewer; a superuser can', async () => {
      const clerk = await withPermissions('users:all')
      const role = await makeRole()
      const [own] = await rolesOf(clerk)
      await assert.rejects(replace(clerk, clerk, own!, role), isDenied('permission.own_roles'))
      await assert.rejects(replace(clerk, clerk), isDenied('permission.own_roles'))
      assert.deepEqual((await replace(clerk, clerk, own!)).after, [own], 'no change is no change')
      assert.deepEqual((await replace(chief, chief, role)).after, [role])
      await replace(chief, chief)
    })

    test('no change appends nothing to the ledger', async () => {
      const user = await register()
      const role = await makeRole()
      await replace(null, user, role)
      const before = await countChanges()
      assert.deepEqual(await replace(null, user, role, role), { before: [role], after: [role] })
      assert.equal(await countChanges(), before)
    })

    test('a token made before the change has the new roles with the next request', async () => {
      const user = await register()
      const role = await makeRole('users:read')
      const list = async () => (await call('GET', '/users/', { token: user.access })).status
      assert.equal(await list(), 403)
      await replace(null, user, role)
      assert.equal(await list(), 200)
      await replace(null, user)
      assert.equal(await list(), 403)
    })

    test('a user who does not exist is not found', async () => {
      await assert.rejects(
        replace(null, { ...chief, id: 999_999 }),
        (error: unknown) => error instanceof Rejection && error.code === 'not_found',
      )
    })

    describe('who may touch an account', () => {
      const mayTouch = (principal: Account, user: Account) =>
        assertMayTouch(core.stores, asPrincipal(principal), user.id as UserId)

      test('who holds all that the other holds, in whatever roles', async () => {
        const manager = await withPermissions('audit:all', 'users:read')
        await mayTouch(manager, await withPermissions('audit:read', 'users:read'))
        await mayTouch(manager, await withPermissions('audit:all'))
        await mayTouch(manager, await register())
        await mayTouch(manager, manager)
      })

      test('a caller may not touch an account that holds a permission they lack, be it `all` or closed', async () => {
        const manager = await withPermissions('users:all', 'audit:read')
        await assert.rejects(
          mayTouch(manager, await withPermissions('audit:all')),
          isDenied('permission.outranked'),
        )
        const closed = await withPermissions('roles:read')
        assert.equal((await call('DELETE', `/users/${closed.id}/`, { token: chief.access })).status, 204)
        await assert.rejects(mayTouch(manager, closed), isDenied('permission.outranked'))
      })

      test('only a superuser touches a superuser', async () => {
        const manager = await withPermissions('users:all', 'roles:all')
        await assert.rejects(mayTouch(manager, chief), isDenied('permission.superuser_only'))
        await mayTouch(chief, await superuser())
        await mayTouch(chief, manager)
      })
    })
  })
}
