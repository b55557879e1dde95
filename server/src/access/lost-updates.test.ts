import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { type Account, testWorld } from '../../../test/support/world.ts'

const malformed = ['abc', '"a', 'W/abc', '"a" "b"', '', ',', '*, "a"', '"a",,"b"', '"a"; "b"']

for (const engine of engines) {
  describe(`what two administrators write at once, on ${engine}`, async () => {
    const world = await testWorld({ engine })
    const { call } = world
    const { access: root } = await world.superuser()
    let counter = 0
    const fresh = () => `lost-${++counter}`

    const make = async (path: string, body: object) => {
      const answer = await call('POST', path, { token: root, body })
      assert.equal(answer.status, 201, answer.text)
      return { id: answer.body.id as number, etag: String(answer.headers.etag), body: answer.body }
    }
    const makeRole = async (...permissions: string[]) => {
      const name = fresh()
      return { ...(await make('/roles/', { name, code_name: name, permissions })), code: name }
    }
    const etagOf = async (path: string, token = root) =>
      String((await call('GET', path, { token })).headers.etag)
    const write = (method: string, path: string, body: unknown, etag: string, token = root) =>
      call(method, path, { token, body, headers: { 'if-match': etag } })
    const rolesOf = async ({ id }: Account): Promise<string[]> =>
      (await call('GET', `/users/${id}/`, { token: root })).body.roles
    const permissionsOf = async (id: number): Promise<string[]> =>
      (await call('GET', `/roles/${id}/`, { token: root })).body.permissions

    it('a role that was taken meanwhile does not come back: the second writer gets precondition_failed', async () => {
      const [kept, taken] = [await makeRole(), await makeRole()]
      const user = await world.register()
      const path = `/users/${user.id}/`
      await call('PATCH', path, { token: root, body: { roles: [kept.code, taken.code] } })
      const seen = await etagOf(path)
      assert.match(seen, /^"[\w-]{27}"$/)

      assert.equal((await write('PATCH', path, { roles: [kept.code] }, seen)).status, 200)
      const late = await write('PATCH', path, { first_name: 'Ann', roles: [kept.code, taken.code] }, seen)
      assert.deepEqual([late.status, late.body.code], [412, 'precondition_failed'])
      assert.deepEqual(await rolesOf(user), [kept.code])
    })

    it('every kind of row has a version, which each write of it changes and no other', async () => {
      const resource = fresh()
      // Not one of the rows below, which are deleted and take their permissions with them.
      const permitted = fresh()
      await make('/resources/', { name: permitted, code_name: permitted })
      const user = await world.register()
      const rows: (readonly [path: string, change: object, same: object])[] = [
        [`/users/${user.id}/`, { first_name: 'Ann' }, { is_staff: false }],
        [`/roles/${(await makeRole()).id}/`, { description: 'Now' }, { permissions: [] }],
        [
          `/resources/${(await make('/resources/', { name: resource, code_name: resource })).id}/`,
          { description: 'Now' },
          { description: 'Now' },
        ],
        [
          `/actions/${(await make('/actions/', { name: resource, code_name: resource })).id}/`,
          { description: 'Now' },
          { description: 'Now' },
        ],
        [
          `/permissions/${(await make('/permissions/', { resource: permitted, action: 'create' })).id}/`,
          { action: 'read' },
          { action: 'read' },
        ],
      ]
      for (const [path, change, same] of rows) {
        const seen = await etagOf(path)
        const changed = await write('PATCH', path, change, seen)
        assert.equal(changed.status, 200, `${path} ${changed.text}`)
        assert.notEqual(changed.headers.etag, seen)
        assert.equal(changed.headers.etag, await etagOf(path))
        for (const body of [change, same])
          assert.equal((await write('PATCH', path, body, seen)).status, 412, path)
        const { headers, status } = await write('PATCH', path, same, `"other", ${changed.headers.etag}`)
        assert.deepEqual([status, headers.etag], [200, changed.headers.etag], path)
        assert.equal((await write('DELETE', path, undefined, seen)).status, 412, path)
        assert.equal((await write('DELETE', path, undefined, '*')).status, 204, path)
      }
    })

    it('a sign-in is no change of an account, and the owner reads the same version', async () => {
      const user = await world.register()
      const seen = await etagOf(`/users/${user.id}/`)
      const { access } = await world.login(user)
      assert.equal(await etagOf(`/users/${user.id}/`), seen)
      assert.equal(await etagOf('/me/', access), seen)
      assert.equal((await write('PATCH', '/me/', { first_name: 'Ann' }, seen, access)).status, 200)
      assert.equal((await write('PATCH', '/me/', { first_name: 'Eve' }, seen, access)).status, 412)
      assert.equal((await write('DELETE', '/me/', undefined, seen, access)).status, 412)
    })

    it('of many who write by what they have seen, one at a time succeeds', async () => {
      const role = await makeRole()
      const path = `/roles/${role.id}/`
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          write('PATCH', path, { description: `by ${index}` }, role.etag),
        ),
      )
      assert.deepEqual(answers.map(answer => answer.status).toSorted(), [200, ...Array(7).fill(412)])
    })

    it('a caller without the permission gets permission_denied, whatever version they send', async () => {
      const role = await makeRole()
      const { access } = await world.register()
      assert.equal((await write('PATCH', `/roles/${role.id}/`, { name: 'x' }, '"x"', access)).status, 403)
      assert.equal((await write('PATCH', '/roles/987654321/', { name: 'x' }, '"x"')).status, 404)
    })

    it('a weak version is none that a write can rest on', async () => {
      const role = await makeRole()
      const answer = await write('PATCH', `/roles/${role.id}/`, { name: fresh() }, `W/${role.etag}`)
      assert.equal(answer.status, 412)
    })

    it('a precondition that is not understood, or that a call does not take, is a 400', async () => {
      const role = await makeRole()
      const path = `/roles/${role.id}/`
      const refused = async (method: string, at: string, name: string, value: string) => {
        const answer = await call(method, at, {
          token: root,
          body: method === 'GET' ? undefined : {},
          headers: { [name]: value },
        })
        assert.equal(answer.status, 400, `${method} ${at} ${name}: ${value} ${answer.text}`)
        assert.ok(name in answer.body.errors, answer.text)
      }
      for (const value of malformed) await refused('PATCH', path, 'if-match', value)
      for (const name of ['if-none-match', 'if-unmodified-since', 'if-modified-since', 'if-range']) {
        await refused('PATCH', path, name, '*')
      }
      for (const [method, at] of [
        ['POST', '/roles/'],
        ['POST', '/users/'],
        ['GET', path],
        ['POST', '/token/revoke_all/'],
      ] as const) {
        await refused(method, at, 'if-match', role.etag)
      }
    })

    it('a PUT that forgets the roles or the permissions takes none away: it is a 400', async () => {
      const role = await makeRole('users:read')
      const user = await world.register()
      await call('PATCH', `/users/${user.id}/`, { token: root, body: { roles: [role.code] } })
      const put = async (path: string, body: object) => {
        const answer = await call('PUT', path, { token: root, body })
        return [answer.status, Object.keys(answer.body.errors ?? {})]
      }
      assert.deepEqual(await put(`/users/${user.id}/`, { email: user.email }), [400, ['roles']])
      assert.deepEqual(await put(`/roles/${role.id}/`, { name: role.code, code_name: role.code }), [
        400,
        ['permissions'],
      ])
      assert.deepEqual(await rolesOf(user), [role.code])
      assert.deepEqual(await permissionsOf(role.id), ['users:read'])
    })

    it('one role is given and taken, whatever else the user holds by then', async () => {
      const [first, second] = [await makeRole('users:read'), await makeRole()]
      const user = await world.register()
      const step = async (method: string, code: string, token = root) =>
        (await call(method, `/users/${user.id}/roles/${code}/`, { token })).status
      const both = await Promise.all([step('PUT', first.code), step('PUT', second.code)])
      assert.deepEqual(both, [204, 204])
      assert.deepEqual(await rolesOf(user), [first.code, second.code])
      assert.equal((await call('GET', '/users/', { token: user.access })).status, 200)

      assert.equal(await step('PUT', first.code), 204)
      assert.equal(await step('DELETE', first.code), 204)
      assert.equal((await call('GET', '/users/', { token: user.access })).status, 403)
      assert.equal(await step('DELETE', first.code), 204)
      assert.deepEqual(await rolesOf(user), [second.code])
      for (const method of ['PUT', 'DELETE']) assert.equal(await step(method, 'never-made'), 404)

      const events = await call('GET', `/audit/?target=users/${user.id}&action=user.update`, { token: root })
      assert.deepEqual(
        events.body.results.map((event: { details: { roles: { to: string[] } } }) => event.details.roles.to)
          .length,
        3,
      )
    })

    it('one role is given and taken by the rules of rank', async () => {
      const role = await makeRole('audit:read')
      const lower = await world.withPermissions('users:update')
      const user = await world.register()
      const own = await makeRole('users:update')
      for (const method of ['PUT', 'DELETE']) {
        await call(method === 'PUT' ? 'DELETE' : 'PUT', `/users/${user.id}/roles/${role.code}/`, {
          token: root,
        })
        const answer = await call(method, `/users/${user.id}/roles/${role.code}/`, { token: lower.access })
        assert.equal(answer.status, 403, answer.text)
      }
      const oneself = await call('PUT', `/users/${lower.id}/roles/${own.code}/`, { token: lower.access })
      assert.equal(oneself.status, 403)
      const chief = await world.superuser()
      const above = await call('PUT', `/users/${chief.id}/roles/${own.code}/`, { token: lower.access })
      assert.equal(above.status, 403)
    })

    it('one permission is given to a role and taken from it, whatever else the role holds by then', async () => {
      const role = await makeRole('audit:read')
      const step = async (method: string, name: string, token = root) =>
        (await call(method, `/roles/${role.id}/permissions/${name}/`, { token })).status
      const both = await Promise.all([
        step('PUT', 'users:read'),
        step('PUT', encodeURIComponent('roles:read')),
      ])
      assert.deepEqual(both, [204, 204])
      assert.deepEqual(await permissionsOf(role.id), ['audit:read', 'roles:read', 'users:read'])

      const user = await world.register()
      await call('PUT', `/users/${user.id}/roles/${role.code}/`, { token: root })
      assert.equal((await call('GET', '/users/', { token: user.access })).status, 200)
      assert.deepEqual([await step('DELETE', 'users:read'), await step('DELETE', 'users:read')], [204, 204])
      assert.equal((await call('GET', '/users/', { token: user.access })).status, 403)
      assert.equal(await step('PUT', 'audit:read'), 204)
      assert.deepEqual(await permissionsOf(role.id), ['audit:read', 'roles:read'])

      for (const method of ['PUT', 'DELETE']) {
        assert.equal(await step(method, 'ghosts:read'), 404)
        assert.equal(await step(method, 'users:fly'), 404)
        assert.equal(await step(method, 'users'), 400)
        assert.equal(
          (await call(method, '/roles/987654321/permissions/users:read/', { token: root })).status,
          404,
        )
      }
      const lower = await world.withPermissions('roles:update')
      assert.equal(await step('PUT', 'users:read', lower.access), 403)
      assert.equal(await step('DELETE', 'audit:read', lower.access), 403)
    })

    it('a step takes a precondition, too', async () => {
      const role = await makeRole()
      const path = `/roles/${role.id}/permissions/users:read/`
      assert.equal((await write('PUT', path, undefined, '"other"')).status, 412)
      assert.equal((await write('PUT', path, undefined, role.etag)).status, 204)
      assert.equal((await write('DELETE', path, undefined, role.etag)).status, 412)
    })

    it('a role that a higher account holds is neither renamed nor deleted', async () => {
      const lower = await world.withPermissions('roles:update', 'roles:delete', 'audit:read')
      const higher = await world.withPermissions('audit:read', 'users:delete')
      const chief = await world.superuser()
      const equal = await world.register()
      const answersOf = async (holder: Account) => {
        const role = await makeRole('audit:read')
        assert.equal(
          (await call('PUT', `/users/${holder.id}/roles/${role.code}/`, { token: root })).status,
          204,
        )
        const path = `/roles/${role.id}/`
        const ask = async (method: string, body?: object, token = lower.access) =>
          (await call(method, path, { token, body })).status
        const described = await ask('PATCH', { description: 'For a person', code_name: role.code })
        const renamed = await ask('PATCH', { code_name: fresh() })
        return [described, renamed, await ask('DELETE')]
      }
      assert.deepEqual(await answersOf(chief), [200, 403, 403])
      assert.deepEqual(await answersOf(higher), [200, 403, 403])
      assert.deepEqual(await answersOf(equal), [200, 200, 204])
      assert.deepEqual(await answersOf(lower), [200, 200, 204])
    })
  })
}
