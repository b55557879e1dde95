import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { type Account, testWorld } from '../../../test/support/world.ts'

interface Entry {
  resource: string
  action: string
  because: { role: string; permission: string }[]
}

for (const engine of engines) {
  describe(`effective access of a user, on ${engine}`, async () => {
    const { call, superuser, withPermissions, register } = await testWorld({ engine })
    const root = (await superuser()).access
    await call('POST', '/resources/', { token: root, body: { name: 'Plans', code_name: 'plans' } })
    await call('POST', '/actions/', { token: root, body: { name: 'Approve', code_name: 'approve' } })

    const effective = (token: string, id?: number) =>
      call('GET', `/access/effective/${id === undefined ? '' : `?user_id=${id}`}`, { token })
    const rolesOf = async ({ id }: Account): Promise<string[]> =>
      (await call('GET', `/users/${id}/`, { token: root })).body.roles
    const pairs = (permissions: Entry[]) => permissions.map(({ resource, action }) => `${resource}:${action}`)

    it('is every pair that the catalogue holds and the decision allows, in order, and no other', async () => {
      const account = await withPermissions('plans:all', 'users:read', 'roles:update')
      const { body } = await effective(account.access)
      const page = async (path: string): Promise<string[]> =>
        (await call('GET', `${path}?limit=200`, { token: root })).body.results.map(
          (row: { code_name: string }) => row.code_name,
        )
      const asked = (await page('/resources/')).flatMap(resource => ({ resource }))
      const actions = await page('/actions/')
      const checks = asked.flatMap(({ resource }) => actions.map(action => ({ resource, action })))
      const answer = await call('POST', '/access/check/', { token: account.access, body: { checks } })
      const allowed = answer.body.results.filter((each: { allowed: boolean }) => each.allowed)
      assert.deepEqual(pairs(body.permissions), pairs(allowed).sort())
      assert.equal(body.user_id, account.id)
      assert.equal(body.is_active, true)
      assert.equal(body.is_superuser, false)
    })

    it('names every role and permission behind each, as an explanation does', async () => {
      const account = await withPermissions('plans:all', 'plans:read')
      const second = await withPermissions('plans:read')
      const roles = [...(await rolesOf(account)), ...(await rolesOf(second))]
      await call('PATCH', `/users/${account.id}/`, { token: root, body: { roles } })
      const { body } = await effective(root, account.id)
      assert.deepEqual(pairs(body.permissions).slice(0, 2), ['plans:all', 'plans:approve'])
      for (const { resource, action, because } of body.permissions as Entry[]) {
        const question = `user_id=${account.id}&resource=${resource}&action=${action}`
        const explained = await call('GET', `/access/explain/?${question}`, { token: root })
        assert.deepEqual({ allowed: true, because }, explained.body)
      }
    })

    it('of a superuser is still what the roles give', async () => {
      const account = await withPermissions('plans:read')
      const [role] = await rolesOf(account)
      await call('PATCH', `/users/${account.id}/`, { token: root, body: { is_superuser: true } })
      assert.deepEqual((await effective(root, account.id)).body, {
        user_id: account.id,
        is_active: true,
        is_superuser: true,
        permissions: [{ resource: 'plans', action: 'read', because: [{ role, permission: 'plans:read' }] }],
      })
    })

    it('of an inactive account is nothing, unless what its roles would give is asked for', async () => {
      const account = await withPermissions('plans:read')
      await call('DELETE', `/users/${account.id}/`, { token: root })
      assert.deepEqual((await effective(root, account.id)).body, {
        user_id: account.id,
        is_active: false,
        is_superuser: false,
        permissions: [],
      })
      const answer = await call('GET', `/access/effective/?user_id=${account.id}&as_if_active=true`, {
        token: root,
      })
      assert.equal(answer.body.is_active, false)
      const [{ because, ...permission }, ...rest] = answer.body.permissions
      assert.deepEqual([permission, rest], [{ resource: 'plans', action: 'read' }, []])
      assert.equal(because.length, 1)
    })

    it('effective access of another user takes users:read, and reveals without it not even whether the user exists', async () => {
      const account = await withPermissions('plans:read')
      const nosy = await register()
      for (const id of [account.id, 999_999]) {
        const answer = await effective(nosy.access, id)
        assert.equal(answer.status, 403)
        assert.match(answer.body.detail, /users:read/)
      }
      assert.deepEqual((await effective(nosy.access)).body.permissions, [], 'oneself needs nothing')
      const reader = await withPermissions('users:read')
      assert.equal((await effective(reader.access, account.id)).status, 200)
      assert.equal((await effective(reader.access, 999_999)).status, 404)
      assert.equal((await call('GET', '/access/effective/')).status, 401)
    })

    it('is refused when it is longer than one answer holds, rather than cut off', async () => {
      const account = await withPermissions('plans:read')
      const names = Array.from({ length: 60 }, (_, index) => `many-${index}`)
      for (const name of names) {
        await call('POST', '/resources/', { token: root, body: { name, code_name: name } })
        await call('POST', '/actions/', { token: root, body: { name, code_name: name } })
      }
      const permissions = names.map(name => `${name}:all`)
      const roles = names.slice(0, 30)
      for (const name of roles) {
        await call('POST', '/roles/', { token: root, body: { name, code_name: name, permissions } })
      }
      // Each role gives 60 resources with every action: 3,960 reasons, and 30 of them more than 100,000.
      await call('PATCH', `/users/${account.id}/`, { token: root, body: { roles: roles.slice(0, 25) } })
      assert.equal((await effective(root, account.id)).status, 200)
      await call('PATCH', `/users/${account.id}/`, { token: root, body: { roles } })
      const refused = await effective(root, account.id)
      assert.equal(refused.status, 409)
      assert.match(refused.body.detail, /100000/)
    })
  })
}
