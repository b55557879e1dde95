import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { testWorld } from '../../../test/support/world.ts'

for (const engine of engines) {
  describe(`permissions on ${engine}`, async () => {
    const { call, superuser, withPermissions } = await testWorld({ engine })
    const root = (await superuser()).access
    let counter = 0

    const makeResource = async () => {
      const code = `made-${++counter}`
      const answer = await call('POST', '/resources/', { token: root, body: { name: code, code_name: code } })
      assert.equal(answer.status, 201, answer.text)
      return code
    }
    const makePermission = async (action: string) => {
      const resource = await makeResource()
      const answer = await call('POST', '/permissions/', { token: root, body: { resource, action } })
      assert.equal(answer.status, 201, answer.text)
      return answer.body as { id: number; resource: string; action: string }
    }
    const isAllowed = async (token: string, resource: string, action: string) => {
      const body = { checks: [{ resource, action }] }
      return (await call('POST', '/access/check/', { token, body })).body.results[0].allowed
    }

    describe('the routes', () => {
      test('a permission is made, read, changed and deleted', async () => {
        const made = await makePermission('read')
        const path = `/permissions/${made.id}/`
        assert.deepEqual((await call('GET', path, { token: root })).body, made)
        const patched = await call('PATCH', path, { token: root, body: { action: 'create' } })
        assert.deepEqual(patched.body, { ...made, action: 'create' })
        const body = { resource: made.resource, action: 'update' }
        assert.deepEqual((await call('PUT', path, { token: root, body })).body, { id: made.id, ...body })
        assert.deepEqual((await call('PATCH', path, { token: root, body })).body, { id: made.id, ...body })
        assert.equal((await call('DELETE', path, { token: root })).status, 204)
        assert.equal((await call('GET', path, { token: root })).status, 404)
      })

      test('unknown halves are named each in its field', async () => {
        const body = { resource: 'ghosts', action: 'fly' }
        const answer = await call('POST', '/permissions/', { token: root, body })
        assert.equal(answer.status, 400)
        assert.match(answer.body.errors.resource[0], /ghosts/)
        assert.match(answer.body.errors.action[0], /fly/)
      })

      test('one that exists already is a 409 with errors, also when another is changed into it', async () => {
        const { resource, action } = await makePermission('read')
        const again = await call('POST', '/permissions/', { token: root, body: { resource, action } })
        assert.equal(again.status, 409)
        assert.ok(again.body.errors.action)
        const other = await call('POST', '/permissions/', {
          token: root,
          body: { resource, action: 'create' },
        })
        const path = `/permissions/${other.body.id}/`
        assert.equal((await call('PATCH', path, { token: root, body: { action } })).status, 409)
        const same = await call('PUT', path, { token: root, body: { resource, action: 'create' } })
        assert.equal(same.status, 200, 'itself is no conflict')
      })

      test('the list is found by resource:action and ordered by either half', async () => {
        const { id, resource } = await makePermission('delete')
        const found = await call('GET', `/permissions/?search=${resource}:delete`, { token: root })
        assert.deepEqual(found.body.results, [{ id, resource, action: 'delete' }])
        const body = { resource, action: 'create' }
        assert.equal((await call('POST', '/permissions/', { token: root, body })).status, 201)
        const ordered = await call('GET', `/permissions/?search=${resource}&ordering=-action`, {
          token: root,
        })
        assert.deepEqual(
          ordered.body.results.map((permission: { action: string }) => permission.action),
          ['delete', 'create'],
        )
      })

      test('deleting a permission takes it from roles and tokens at once', async () => {
        const { id, resource } = await makePermission('read')
        const holder = await withPermissions(`${resource}:read`)
        assert.equal(await isAllowed(holder.access, resource, 'read'), true)
        assert.equal((await call('DELETE', `/permissions/${id}/`, { token: root })).status, 204)
        assert.equal(await isAllowed(holder.access, resource, 'read'), false)
      })

      test('changing a permission changes it in every role, and takes both rights', async () => {
        const { id, resource } = await makePermission('read')
        const clerk = await withPermissions('permissions:all', `${resource}:read`)
        const path = `/permissions/${id}/`
        const widened = await call('PATCH', path, { token: clerk.access, body: { action: 'all' } })
        assert.equal(widened.status, 403, 'nobody widens what they hold themselves')
        assert.equal(await isAllowed(clerk.access, resource, 'delete'), false)
        assert.equal((await call('PATCH', path, { token: root, body: { action: 'all' } })).status, 200)
        assert.equal(await isAllowed(clerk.access, resource, 'delete'), true)
        assert.equal(
          (await call('DELETE', path, { token: clerk.access })).status,
          204,
          'who holds it may drop it',
        )
      })

      test('a caller cannot delete a permission that a role has and they lack', async () => {
        const { id, resource } = await makePermission('read')
        await withPermissions(`${resource}:read`)
        const clerk = await withPermissions('permissions:all')
        assert.equal((await call('DELETE', `/permissions/${id}/`, { token: clerk.access })).status, 403)
        assert.equal((await call('GET', `/permissions/${id}/`, { token: clerk.access })).status, 200)
      })
    })
  })
}
