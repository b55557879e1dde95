import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { goodPassword, testWorld } from '../../../test/support/world.ts'

for (const engine of engines) {
  describe(`the filters of the audit on ${engine}`, async () => {
    const world = await testWorld({ engine })
    const root = await world.superuser()
    const send = async (method: string, path: string, body?: object, headers = {}) => {
      const answer = await world.call(method, path, { token: root.access, headers, ...(body && { body }) })
      assert.ok(answer.status < 300, `${path} ${answer.text}`)
      return answer.body
    }
    const read = async (filters: Readonly<Record<string, string>>) => {
      const query = new URLSearchParams({ ...filters, ordering: 'id' })
      const { results } = await send('GET', `/audit/?${query}`)
      return results as { id: number; action: string; target: string | null; outcome: string }[]
    }
    const actions = async (filters: Readonly<Record<string, string>>) =>
      (await read(filters)).map(({ action }) => action)

    const anna = await world.register()
    const about = { target: `users/${anna.id}` }
    await send('PATCH', `/users/${anna.id}/`, { first_name: 'Анна', last_name: 'Größe' })
    await send('POST', '/roles/', { name: 'Книжник', code_name: 'bookkeeper' })
    await send('PUT', `/users/${anna.id}/roles/bookkeeper/`)
    await send('PATCH', `/users/${anna.id}/`, { is_staff: true, roles: [] })
    await send('PATCH', `/users/${anna.id}/`, { first_name: 'Жанна "roles":{"from":[' })
    await send('DELETE', `/users/${anna.id}/`)
    const refused = await world.call('POST', '/login/', {
      body: { email: anna.email, password: `${goodPassword}?` },
    })
    assert.equal(refused.status, 401)

    it('find what came out otherwise than well', async () => {
      assert.deepEqual(await actions({ ...about, outcome: 'failure' }), ['user.login_failed'])
      assert.deepEqual(await actions({ outcome: 'denied' }), [])
      assert.ok((await actions({ ...about, outcome: 'success' })).includes('user.deactivate'))
    })

    it('find what came from one address, however it is written', async () => {
      const all = await actions(about)
      assert.deepEqual(await actions({ ...about, ip_address: '127.0.0.1' }), all)
      assert.deepEqual(await actions({ ...about, ip_address: '::ffff:127.0.0.1' }), all)
      assert.deepEqual(await actions({ ...about, ip_address: '127.0.0.2' }), [])
    })

    it('find roles that people were given and lost, and no name that looks like it', async () => {
      const found = await read({ ...about, kind: 'role_changes' })
      assert.deepEqual(
        found.map(({ action }) => action),
        ['user.update', 'user.update'],
      )
    })

    it('find a role that an account was created with', async () => {
      const body = { email: 'with-role@example.com', password: goodPassword }
      const roles = ['bookkeeper']
      const made = await send('POST', '/users/', { ...body, roles })
      await send('POST', '/users/', { ...body, email: 'without-role@example.com' })
      const found = await read({ kind: 'role_changes', action: 'user.create' })
      assert.deepEqual(
        found.map(({ target }) => target),
        [`users/${made.id}`],
      )
    })

    it('find all that changes who may do what, and what is an incident', async () => {
      const changes = await actions({ ...about, kind: 'access_changes' })
      assert.deepEqual(changes, ['user.update', 'user.update', 'user.deactivate'])
      assert.deepEqual(await actions({ target: 'roles/999', kind: 'incidents' }), [])
      assert.ok((await actions({ kind: 'access_changes' })).includes('role.create'))
      assert.ok(!(await actions({ kind: 'incidents' })).includes('user.login_failed'))
    })

    describe('search words', () => {
      const finds = async (search: string, action: string) =>
        (await actions({ search })).some(found => found === action)

      it('in the details, in any case and any letters', async () => {
        assert.ok(await finds('BOOK', 'user.update'))
        assert.ok(await finds('wrong_PASSWORD', 'user.login_failed'))
      })

      it('in the names of whom or what it was done to, and of who did it', async () => {
        assert.ok(await finds('жанна', 'user.deactivate'))
        assert.ok(await finds('ЖАННА größe', 'user.deactivate'))
        assert.ok(await finds(anna.email.slice(0, 8), 'user.login_failed'))
        assert.ok(await finds('книжник', 'role.create'))
        assert.ok(await finds(root.email, 'role.create'))
      })

      it('in the address and the target', async () => {
        assert.ok(await finds('127.0', 'role.create'))
        assert.ok(await finds(about.target, 'user.deactivate'))
      })

      it('all of them, and none where one is missing', async () => {
        const filters = { action: 'user.update', ...about }
        assert.equal((await actions({ ...filters, search: 'bookkeeper roles' })).length, 2)
        assert.deepEqual(await actions({ ...filters, search: 'bookkeeper nobody-has-this' }), [])
      })

      it('and take the signs of LIKE and of JSON for what they are', async () => {
        assert.deepEqual(await actions({ search: '%%' }), [])
        assert.deepEqual(await actions({ search: '_____________________' }), [])
        assert.deepEqual(await actions({ search: '\\' }), [])
        assert.ok(await finds('"roles":{"from":[', 'user.deactivate'))
      })

      it('and page without a gap', async () => {
        const ids = (await read({ search: 'users/' })).map(({ id }) => id)
        const seen: number[] = []
        let path: string | null = '/audit/?search=users/&limit=2&ordering=id'
        while (path !== null) {
          const page: { next: string | null; results: { id: number }[] } = await send('GET', path)
          seen.push(...page.results.map(({ id }) => id))
          path = page.next
        }
        assert.deepEqual(seen, ids)
      })
    })

    describe('and the shape of an export', () => {
      const query = { ...about, kind: 'role_changes' }
      const read = (shape: Readonly<Record<string, string>>) =>
        world.call('GET', `/audit/export/?${new URLSearchParams({ ...query, ...shape })}`, {
          token: root.access,
        })

      it('is some columns, in the order in which they are named, with another separator', async () => {
        const { text } = await read({ columns: 'target,id,action', separator: 'semicolon' })
        const [header, first] = text.trim().split('\r\n')
        assert.equal(header, '"target";"id";"action"')
        assert.match(first!, new RegExp(`^"${about.target}";\\d+;"user.update"$`))
      })

      it('is JSON in lines, the details as they are', async () => {
        const answer = await read({ columns: 'action,details', format: 'jsonl' })
        assert.equal(answer.headers['content-type'], 'application/jsonl; charset=utf-8')
        assert.equal(answer.headers['content-disposition'], 'attachment; filename="audit.jsonl"')
        const rows = answer.text
          .trim()
          .split('\n')
          .map(line => JSON.parse(line))
        assert.deepEqual(rows.at(-1), {
          action: 'user.update',
          details: { roles: { from: [], to: ['bookkeeper'] } },
        })
        const { results } = await send('GET', '/audit/?action=data.export&limit=1')
        assert.deepEqual(results[0].details, { format: 'jsonl', filters: query })
      })

      it('is refused with a column that the list has not', async () => {
        const { status, body } = await read({ columns: 'id,password' })
        assert.equal(status, 400)
        assert.match(body.errors.columns[0], /no column password/)
      })
    })

    it('hold for the export as well', async () => {
      const query = new URLSearchParams({ ...about, kind: 'role_changes', search: 'bookkeeper' })
      const { text } = await world.call('GET', `/audit/export/?${query}`, { token: root.access })
      assert.equal(text.trim().split('\r\n').length, 3)
    })
  })
}
