import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { testWorld } from '../../../test/support/world.ts'

for (const engine of engines) {
  describe(`roles and their holders on ${engine}`, async () => {
    const { call, withPermissions, superuser, login, register } = await testWorld({ engine })
    const root = (await superuser()).access
    let counter = 0

    /** Makes a role as the superuser. */
    const makeRole = async (...permissions: string[]) => {
      const code = `made-${++counter}`
      const answer = await call('POST', '/roles/', {
        token: root,
        body: { name: code, code_name: code, permissions },
      })
      assert.equal(answer.status, 201, answer.text)
      return answer.body as { id: number; code_name: string; permissions: string[] }
    }
    const readRole = async (id: number) => (await call('GET', `/roles/${id}/`, { token: root })).body
    const assign = async (userId: number, ...roles: string[]) => {
      const answer = await call('PATCH', `/users/${userId}/`, { token: root, body: { roles } })
      assert.equal(answer.status, 200, answer.text)
    }

    describe('roles', () => {
      test('a role is made, read, changed, replaced and deleted', async () => {
        const made = await call('POST', '/roles/', {
          token: root,
          body: { name: 'Clerk', code_name: 'clerk', permissions: ['users:read', 'audit:all'] },
        })
        assert.equal(made.status, 201, made.text)
        const path = `/roles/${made.body.id}/`
        const expected = {
          id: made.body.id,
          name: 'Clerk',
          code_name: 'clerk',
          description: null,
          permissions: ['audit:all', 'users:read'],
        }
        assert.deepEqual(made.body, expected)
        assert.deepEqual((await call('GET', path, { token: root })).body, expected)

        const patched = await call('PATCH', path, { token: root, body: { description: 'Reads.' } })
        assert.deepEqual(patched.body, { ...expected, description: 'Reads.' })
        const untouched = await call('PATCH', path, { token: root, body: { description: 'Reads.' } })
        assert.deepEqual(untouched.body, patched.body)

        const replaced = await call('PUT', path, {
          token: root,
          body: { name: 'Typist', code_name: 'typist', permissions: [] },
        })
        assert.equal(replaced.status, 200)
        assert.deepEqual(replaced.body, {
          id: made.body.id,
          name: 'Typist',
          code_name: 'typist',
          description: null,
          permissions: [],
        })
        assert.equal((await call('DELETE', path, { token: root })).status, 204)
        for (const method of ['GET', 'DELETE'])
          assert.equal((await call(method, path, { token: root })).status, 404)
        assert.equal((await call('PATCH', path, { token: root, body: { name: 'x' } })).status, 404)

        const events = await call('GET', `/audit/?target=roles/${made.body.id}`, { token: root })
        assert.deepEqual(
          events.body.results.map((event: { action: string }) => event.action),
          ['role.delete', 'role.update', 'role.update', 'role.create'],
        )
      })

      for (const [what, body, field] of [
        ['an unknown resource', { permissions: ['users:read', 'nothing:read'] }, 'permissions'],
        ['an unknown action', { permissions: ['users:fly'] }, 'permissions'],
        ['a permission of another form', { permissions: ['users'] }, 'permissions'],
        ['a permission with two colons', { permissions: ['users:read:all'] }, 'permissions'],
        ['the same permission twice', { permissions: ['users:read', 'users:read'] }, 'permissions'],
        ['permissions that are no list', { permissions: 'users:read' }, 'permissions'],
        ['an unknown field', { is_builtin: true }, 'is_builtin'],
        ['the id', { id: 7 }, 'id'],
        ['a code name with a capital', { code_name: 'Boss' }, 'code_name'],
        ['a code name with a line break at its end', { code_name: 'boss\n' }, 'code_name'],
        ['a code name of 101 characters', { code_name: 'b'.repeat(101) }, 'code_name'],
        ['a name of nothing but spaces', { name: '  ' }, 'name'],
        ['a name of 101 characters', { name: 'n'.repeat(101) }, 'name'],
      ] as const) {
        test(`a role with ${what} is a 400 that names the field, and nothing is made`, async () => {
          const answer = await call('POST', '/roles/', {
            token: root,
            body: { name: 'Boss', code_name: 'boss', ...body },
          })
          assert.equal(answer.status, 400, answer.text)
          assert.deepEqual(Object.keys(answer.body.errors), [field])
          const found = await call('GET', '/roles/?search=boss', { token: root })
          assert.deepEqual(found.body.results, [])
        })
      }

      test('the message about an unknown permission names it', async () => {
        const body = {
          name: 'Boss',
          code_name: 'boss',
          permissions: ['users:read', 'ghosts:read', 'users:fly'],
        }
        const { errors } = (await call('POST', '/roles/', { token: root, body })).body
        assert.match(errors.permissions[0], /ghosts:read/)
        assert.match(errors.permissions[1], /users:fly/)
      })

      test('PUT names every field that it misses', async () => {
        const { id } = await makeRole()
        const answer = await call('PUT', `/roles/${id}/`, { token: root, body: {} })
        assert.equal(answer.status, 400)
        assert.deepEqual(Object.keys(answer.body.errors).sort(), ['code_name', 'name', 'permissions'])
      })

      test('a name and a code name belong to one role', async () => {
        const first = await makeRole()
        const second = await makeRole()
        const body = { name: first.code_name, code_name: first.code_name }
        const made = await call('POST', '/roles/', { token: root, body })
        assert.equal(made.status, 409)
        assert.deepEqual(Object.keys(made.body.errors).sort(), ['code_name', 'name'])
        const changed = await call('PATCH', `/roles/${second.id}/`, {
          token: root,
          body: { code_name: first.code_name },
        })
        assert.equal(changed.status, 409)
        assert.deepEqual(Object.keys(changed.body.errors), ['code_name'])
        const same = await call('PUT', `/roles/${first.id}/`, {
          token: root,
          body: { ...body, permissions: [] },
        })
        assert.equal(same.status, 200, 'its own names are not taken')
      })

      test('of two parallel requests for one code name one gets «taken»', async () => {
        const body = { name: 'Twin', code_name: 'twin' }
        const answers = await Promise.all(
          Array.from({ length: 6 }, () => call('POST', '/roles/', { token: root, body })),
        )
        assert.deepEqual(answers.map(answer => answer.status).sort(), [201, 409, 409, 409, 409, 409])
      })

      test('the list is searched, ordered and read page by page in both directions', async () => {
        for (const letter of ['c', 'a', 'b']) {
          const body = {
            name: `Page ${letter.toUpperCase()}`,
            code_name: `page-${letter}`,
            permissions: ['users:read'],
          }
          assert.equal((await call('POST', '/roles/', { token: root, body })).status, 201)
        }
        const codesOf = (body: { results: { code_name: string }[] }) =>
          body.results.map(role => role.code_name)
        const first = await call('GET', '/roles/?search=PAGE&ordering=-name&limit=2', { token: root })
        assert.deepEqual(codesOf(first.body), ['page-c', 'page-b'])
        assert.deepEqual(first.body.results[0].permissions, ['users:read'])
        assert.equal(first.body.previous, null)
        const second = await call('GET', first.body.next, { token: root })
        assert.deepEqual(codesOf(second.body), ['page-a'])
        assert.equal(second.body.next, null)
        const back = await call('GET', second.body.previous, { token: root })
        assert.deepEqual(codesOf(back.body), ['page-c', 'page-b'])
        assert.equal((await call('GET', '/roles/?ordering=permissions', { token: root })).status, 400)
      })
    })

    describe('who may change a role', () => {
      test('a caller cannot put a permission that they lack into a role', async () => {
        const clerk = await withPermissions('roles:all', 'users:read')
        const body = { name: 'Sneak', code_name: 'sneak', permissions: ['users:read', 'users:delete'] }
        const made = await call('POST', '/roles/', { token: clerk.access, body })
        assert.equal(made.status, 403)
        assert.match(made.body.detail, /users:delete/)
        const { id } = await makeRole('users:read')
        const added = await call('PATCH', `/roles/${id}/`, {
          token: clerk.access,
          body: { permissions: ['users:read', 'users:delete'] },
        })
        assert.equal(added.status, 403)
        assert.deepEqual((await readRole(id)).permissions, ['users:read'])
      })

      test('holding single permissions is not holding `all`', async () => {
        const clerk = await withPermissions('roles:all', 'audit:read', 'audit:update')
        const { id } = await makeRole()
        const answer = await call('PATCH', `/roles/${id}/`, {
          token: clerk.access,
          body: { permissions: ['audit:all'] },
        })
        assert.equal(answer.status, 403)
      })

      test('`all` lets its holder hand out the others of its resource', async () => {
        const clerk = await withPermissions('roles:all', 'audit:all')
        const { id } = await makeRole()
        const answer = await call('PATCH', `/roles/${id}/`, {
          token: clerk.access,
          body: { permissions: ['audit:read', 'roles:read'] },
        })
        assert.equal(answer.status, 200, answer.text)
      })

      test('a caller cannot take a permission that they lack out of a role, by PATCH, PUT or DELETE', async () => {
        const clerk = await withPermissions('roles:all')
        const { id, code_name } = await makeRole('users:delete')
        const path = `/roles/${id}/`
        const token = clerk.access
        assert.equal((await call('PATCH', path, { token, body: { permissions: [] } })).status, 403)
        assert.equal(
          (await call('PUT', path, { token, body: { name: code_name, code_name, permissions: [] } })).status,
          403,
        )
        assert.equal((await call('DELETE', path, { token })).status, 403)
        assert.deepEqual((await readRole(id)).permissions, ['users:delete'])
      })

      test('a name can be changed, and what stays the same resent, without holding it', async () => {
        const clerk = await withPermissions('roles:all')
        const { id } = await makeRole('users:delete')
        const answer = await call('PATCH', `/roles/${id}/`, {
          token: clerk.access,
          body: { name: `Renamed ${engine}`, permissions: ['users:delete'] },
        })
        assert.equal(answer.status, 200, answer.text)
      })

      test('without the permission of the route the answer is the same for a role that exists and one that does not', async () => {
        const nobody = await register()
        const { id } = await makeRole('users:read')
        for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
          const there = await call(method, `/roles/${id}/`, { token: nobody.access })
          const nowhere = await call(method, '/roles/999999/', { token: nobody.access })
          assert.equal(there.status, 403)
          assert.deepEqual({ ...there.body, instance: '' }, { ...nowhere.body, instance: '' })
        }
      })
    })

    describe('what rank refuses about a role', () => {
      const refusalsFor = async (token: string, id: number) => {
        const answer = await call('GET', `/roles/${id}/?refusals=true`, { token })
        assert.equal(answer.status, 200, answer.text)
        const plain = await call('GET', `/roles/${id}/`, { token })
        assert.equal(answer.headers.etag, plain.headers.etag)
        const { refusals, ...role } = answer.body
        assert.deepEqual(role, plain.body)
        return refusals
      }
      /** What the writes themselves answer, in the same form; the role is gone where nothing refuses to delete it. */
      const refusedBy = async (token: string, role: { id: number; code_name: string }, to: number) => {
        const path = `/roles/${role.id}/`
        const steps = {
          assign: await call('PUT', `/users/${to}/roles/${role.code_name}/`, { token }),
          rename: await call('PATCH', path, { token, body: { code_name: `${role.code_name}-other` } }),
          delete: await call('DELETE', path, { token }),
        }
        const refused = Object.entries(steps).filter(([, { status }]) => status === 403)
        return Object.fromEntries(refused.map(([what, { body }]) => [what, body.detail]))
      }

      test('is announced before it is tried, in the words of the refusals', async () => {
        const lower = await withPermissions(
          ...['roles:read', 'roles:update', 'roles:delete', 'users:update', 'audit:read'],
        )
        const above = await withPermissions('audit:read', 'users:delete')
        const chief = await superuser()
        const other = await register()
        const beyond = /tokens:all/
        const higher = /held by an account that has permissions you do not have/
        const cases = [
          { permissions: ['audit:read'], holder: other.id, refused: {} },
          { permissions: ['audit:read'], holder: lower.id, refused: {} },
          { permissions: ['audit:read'], holder: above.id, refused: { rename: higher, delete: higher } },
          { permissions: ['audit:read'], holder: chief.id, refused: { rename: higher, delete: higher } },
          { permissions: ['tokens:all'], holder: undefined, refused: { assign: beyond, delete: beyond } },
          {
            permissions: ['tokens:all'],
            holder: other.id,
            refused: { assign: beyond, rename: higher, delete: higher },
          },
        ]
        for (const { permissions, holder, refused } of cases) {
          const role = await makeRole(...permissions)
          if (holder !== undefined) {
            const given = await call('PUT', `/users/${holder}/roles/${role.code_name}/`, { token: root })
            assert.equal(given.status, 204, given.text)
          }
          const announced = await refusalsFor(lower.access, role.id)
          assert.deepEqual(Object.keys(announced).sort(), Object.keys(refused).sort(), String(permissions))
          for (const [what, words] of Object.entries(refused)) assert.match(announced[what], words)
          assert.deepEqual(await refusalsFor(root, role.id), {})
          assert.deepEqual(announced, await refusedBy(lower.access, role, (await register()).id))
        }
      })

      test('comes in the language of the answer', async () => {
        const reader = await withPermissions('roles:read')
        const role = await makeRole('tokens:all')
        const answer = await call('GET', `/roles/${role.id}/?refusals=true`, {
          token: reader.access,
          headers: { 'accept-language': 'ru' },
        })
        assert.match(answer.body.refusals.assign, /tokens:all: у вас самих этого права нет/)
      })
    })

    describe('what a changed role does to tokens', () => {
      test('a permission that is added or taken away counts with the next request', async () => {
        const role = await makeRole()
        const account = await register()
        await assign(account.id, role.code_name)
        const list = () => call('GET', '/users/', { token: account.access })
        assert.equal((await list()).status, 403)
        for (const [permissions, status] of [
          [['users:read'], 200],
          [[], 403],
          [['users:all'], 200],
          [['roles:all'], 403],
        ] as const) {
          await call('PATCH', `/roles/${role.id}/`, { token: root, body: { permissions } })
          assert.equal((await list()).status, status, String(permissions))
        }
      })

      test('a deleted role gives nothing any more, and a new one of the same code name gives old tokens nothing', async () => {
        const role = await makeRole('users:read')
        const account = await register()
        await assign(account.id, role.code_name)
        const holder = await login(account)
        assert.equal((await call('GET', '/users/', { token: holder.access })).status, 200)

        assert.equal((await call('DELETE', `/roles/${role.id}/`, { token: root })).status, 204)
        assert.equal((await call('GET', '/users/', { token: holder.access })).status, 403)
        const body = { name: role.code_name, code_name: role.code_name, permissions: ['users:read'] }
        assert.equal((await call('POST', '/roles/', { token: root, body })).status, 201)
        assert.equal((await call('GET', '/users/', { token: holder.access })).status, 403)
        const profile = await call('GET', '/me/', { token: holder.access })
        assert.deepEqual(profile.body.roles, [])
      })

      test('a renamed role goes on for its holders, and its old name is worth nothing', async () => {
        const role = await makeRole('users:read')
        const account = await register()
        await assign(account.id, role.code_name)
        const holder = await login(account)
        const newName = `${role.code_name}-renamed`
        const renamed = await call('PATCH', `/roles/${role.id}/`, {
          token: root,
          body: { code_name: newName },
        })
        assert.equal(renamed.status, 200)
        assert.equal((await call('GET', '/users/', { token: holder.access })).status, 200)
        const check = { checks: [{ resource: 'audit', action: 'read' }] }
        const body = { name: 'Heir', code_name: role.code_name, permissions: ['audit:read'] }
        assert.equal((await call('POST', '/roles/', { token: root, body })).status, 201)
        const checked = await call('POST', '/access/check/', { token: holder.access, body: check })
        assert.equal(checked.body.results[0].allowed, false)
        assert.deepEqual((await call('GET', '/me/', { token: holder.access })).body.roles, [newName])
      })
    })
  })
}
