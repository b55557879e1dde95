import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { testWorld } from '../../../test/support/world.ts'

for (const engine of engines) {
  describe(`resources and actions on ${engine}`, async () => {
    const { call, superuser, withPermissions } = await testWorld({ engine })
    const root = (await superuser()).access
    let counter = 0

    /** Makes a resource or an action as the superuser. */
    const make = async (table: 'resources' | 'actions') => {
      const code = `made-${++counter}`
      const answer = await call('POST', `/${table}/`, { token: root, body: { name: code, code_name: code } })
      assert.equal(answer.status, 201, answer.text)
      return answer.body as { id: number; name: string; code_name: string }
    }
    const makeRole = async (...permissions: string[]) => {
      const code = `role-${++counter}`
      const body = { name: code, code_name: code, permissions }
      const answer = await call('POST', '/roles/', { token: root, body })
      assert.equal(answer.status, 201, answer.text)
      return answer.body as { id: number; code_name: string }
    }
    const permissionsOf = async (roleId: number) =>
      (await call('GET', `/roles/${roleId}/`, { token: root })).body.permissions
    const isAllowed = async (token: string, resource: string, action: string) => {
      const body = { checks: [{ resource, action }] }
      return (await call('POST', '/access/check/', { token, body })).body.results[0].allowed
    }

    for (const [table, word] of [
      ['resources', 'resource'],
      ['actions', 'action'],
    ] as const) {
      describe(table, () => {
        test(`a ${word} is made, read, changed, replaced and deleted`, async () => {
          const made = await call('POST', `/${table}/`, {
            token: root,
            body: { name: 'Invoices', code_name: 'invoices', description: 'To pay.' },
          })
          assert.equal(made.status, 201, made.text)
          const path = `/${table}/${made.body.id}/`
          const expected = {
            id: made.body.id,
            name: 'Invoices',
            code_name: 'invoices',
            description: 'To pay.',
          }
          assert.deepEqual(made.body, expected)
          assert.deepEqual((await call('GET', path, { token: root })).body, expected)
          const patched = await call('PATCH', path, { token: root, body: { code_name: 'bills' } })
          assert.deepEqual(patched.body, { ...expected, code_name: 'bills' })
          const replaced = await call('PUT', path, { token: root, body: { name: 'B', code_name: 'b' } })
          assert.deepEqual(replaced.body, { ...expected, name: 'B', code_name: 'b', description: null })
          assert.equal((await call('DELETE', path, { token: root })).status, 204)
          assert.equal((await call('GET', path, { token: root })).status, 404)
          assert.equal((await call('DELETE', path, { token: root })).status, 404)
        })

        test('a taken name is a 409 and an unknown field a 400', async () => {
          const { name, code_name } = await make(table)
          const taken = await call('POST', `/${table}/`, { token: root, body: { name, code_name } })
          assert.equal(taken.status, 409)
          assert.deepEqual(Object.keys(taken.body.errors).sort(), ['code_name', 'name'])
          const unknown = await call('POST', `/${table}/`, {
            token: root,
            body: { name: 'N', code_name: 'n', is_builtin: true },
          })
          assert.equal(unknown.status, 400)
        })

        test('a built-in one keeps both its names and stays, but can be described', async () => {
          const found = await call('GET', `/${table}/?search=read&limit=1`, { token: root })
          const builtIn =
            found.body.results[0] ??
            (await call('GET', `/${table}/?search=users`, { token: root })).body.results[0]
          const path = `/${table}/${builtIn.id}/`
          assert.equal((await call('DELETE', path, { token: root })).status, 409)
          const renamed = await call('PATCH', path, { token: root, body: { code_name: 'mine' } })
          assert.equal(renamed.status, 409)
          assert.deepEqual(Object.keys(renamed.body.errors), ['code_name'])
          const retitled = await call('PATCH', path, { token: root, body: { name: 'Mine' } })
          assert.equal(retitled.status, 409)
          assert.deepEqual(Object.keys(retitled.body.errors), ['name'])
          assert.deepEqual((await call('GET', path, { token: root })).body, builtIn)
          const put = await call('PUT', path, {
            token: root,
            body: { name: builtIn.name, code_name: builtIn.code_name, description: 'Ours.' },
          })
          assert.equal(put.status, 200, put.text)
          assert.deepEqual(put.body, { ...builtIn, description: 'Ours.' })
        })

        test('the list shows every row and can be ordered', async () => {
          const list = await call('GET', `/${table}/?ordering=code_name&limit=200`, { token: root })
          const codes = list.body.results.map((row: { code_name: string }) => row.code_name)
          assert.deepEqual(codes, codes.toSorted())
          assert.equal(list.body.next, null)
        })
      })
    }

    describe('what a changed catalogue does to roles', () => {
      test('the misspelt address is the same room', async () => {
        const { id } = await make('resources')
        const spelt = await call('GET', `/resources/${id}/`, { token: root })
        const misspelt = await call('GET', `/resourses/${id}/`, { token: root })
        assert.equal(misspelt.status, 200)
        assert.deepEqual(misspelt.body, spelt.body)
        assert.equal((await call('GET', '/resourses', { token: root })).status, 200)
      })

      test('deleting a resource takes its permissions from every role, and from tokens at once', async () => {
        const resource = await make('resources')
        const permission = `${resource.code_name}:read`
        const role = await makeRole(permission, 'audit:read')
        const holder = await withPermissions(permission)
        assert.equal(await isAllowed(holder.access, resource.code_name, 'read'), true)
        assert.equal((await call('DELETE', `/resources/${resource.id}/`, { token: root })).status, 204)
        assert.deepEqual(await permissionsOf(role.id), ['audit:read'])
        assert.equal(await isAllowed(holder.access, resource.code_name, 'read'), false)
        assert.equal(await isAllowed(root, resource.code_name, 'read'), false, 'it is unknown now')

        // The name comes back, what was permitted on it does not.
        const body = { name: resource.name, code_name: resource.code_name }
        assert.equal((await call('POST', '/resources/', { token: root, body })).status, 201)
        assert.equal(await isAllowed(root, resource.code_name, 'read'), true)
        assert.equal(await isAllowed(holder.access, resource.code_name, 'read'), false)
      })

      test('renaming an action renames the permissions of every role', async () => {
        const action = await make('actions')
        const holder = await withPermissions(`audit:${action.code_name}`)
        const newName = `${action.code_name}-renamed`
        const renamed = await call('PATCH', `/actions/${action.id}/`, {
          token: root,
          body: { code_name: newName },
        })
        assert.equal(renamed.status, 200)
        assert.equal(await isAllowed(holder.access, 'audit', action.code_name), false)
        assert.equal(await isAllowed(holder.access, 'audit', newName), true)
      })

      test('a caller cannot take from roles, by deleting a resource, a permission that they lack', async () => {
        const resource = await make('resources')
        const role = await makeRole(`${resource.code_name}:read`, `${resource.code_name}:delete`)
        const clerk = await withPermissions('resources:all', `${resource.code_name}:read`)
        const refused = await call('DELETE', `/resources/${resource.id}/`, { token: clerk.access })
        assert.equal(refused.status, 403)
        assert.match(refused.body.detail, /:delete/)
        assert.equal((await permissionsOf(role.id)).length, 2)

        const holder = await withPermissions('resources:all', `${resource.code_name}:all`)
        assert.equal(
          (await call('DELETE', `/resources/${resource.id}/`, { token: holder.access })).status,
          204,
        )
      })

      test('a caller gets no permission by renaming a resource on which they hold everything', async () => {
        const resource = await make('resources')
        const clerk = await withPermissions('resources:all', `${resource.code_name}:all`)
        const path = `/resources/${resource.id}/`
        const renamed = await call('PATCH', path, {
          token: clerk.access,
          body: { code_name: `treasury-${engine}` },
        })
        assert.equal(renamed.status, 403)
        assert.equal((await call('GET', path, { token: root })).body.code_name, resource.code_name)
        assert.equal(await isAllowed(clerk.access, resource.code_name, 'read'), true)
      })

      test('a resource that no role has anything on is renamed and deleted without more', async () => {
        const resource = await make('resources')
        const clerk = await withPermissions('resources:all')
        const path = `/resources/${resource.id}/`
        const body = { code_name: `${resource.code_name}-free` }
        assert.equal((await call('PATCH', path, { token: clerk.access, body })).status, 200)
        assert.equal((await call('DELETE', path, { token: clerk.access })).status, 204)
      })
    })
  })
}
