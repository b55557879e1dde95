import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { testWorld } from '../../../test/support/world.ts'

const all = ['api_keys:create', 'api_keys:read', 'api_keys:update', 'api_keys:delete']

for (const engine of engines) {
  describe(`/api_keys/ on ${engine}`, async () => {
    const world = await testWorld({ engine })
    const chief = await world.superuser()
    for (const [list, code_name] of [
      ['resources', 'documents'],
      ['resources', 'projects'],
      ['actions', 'export'],
    ]) {
      const body = { name: code_name, code_name }
      const made = await world.call('POST', `/${list}/`, { token: chief.access, body })
      assert.equal(made.status, 201, made.text)
    }
    const owner = await world.withPermissions(...all, 'documents:all', 'projects:read')

    const make = async (body: Record<string, unknown>, token = owner.access) => {
      const answer = await world.call('POST', '/api_keys/', { token, body: { name: 'a service', ...body } })
      assert.equal(answer.status, 201, answer.text)
      return answer.body
    }
    /** What the demo's API answers to the key. */
    const ask = async (key: string, path = '/api/demo/documents/') =>
      (await world.inject({ method: 'GET', url: path, headers: { authorization: `Bearer ${key}` } }))
        .statusCode
    const patchUser = (id: number, body: Record<string, unknown>) =>
      world.call('PATCH', `/users/${id}/`, { token: chief.access, body })

    it('lets a program do what the key was given, and nothing else', async () => {
      const { key } = await make({ permissions: ['documents:read'] })
      assert.equal(await ask(key), 200)
      assert.equal(await ask(key, '/api/demo/projects/'), 403)
      const post = await world.inject({
        method: 'POST',
        url: '/api/demo/documents/',
        headers: { authorization: `Bearer ${key}` },
        payload: { name: 'x' },
      })
      assert.equal(post.statusCode, 403)
      assert.equal(await ask((await make({})).key), 403)
    })

    it('shows the key once, and keeps neither it nor its secret', async () => {
      const { key, ...shown } = await make({ name: '  Invoices ', permissions: ['documents:read'] })
      assert.match(key, /^propusk_[0-9A-Za-z]{61}$/)
      assert.equal(shown.prefix, key.slice(0, 20))
      assert.equal(shown.name, 'Invoices')
      assert.deepEqual(shown.permissions, ['documents:read'])
      assert.equal(shown.owner_id, owner.id)
      assert.equal(shown.last_used_at, null)
      const read = await world.call('GET', `/api_keys/${shown.id}/`, { token: owner.access })
      assert.deepEqual(read.body, shown)
      const list = await world.call('GET', '/api_keys/?search=invoices', { token: owner.access })
      assert.deepEqual(list.body.results, [shown])
      const audit = await world.call('GET', '/audit/?action=api_key.create', { token: chief.access })
      assert.ok(!(audit.text + list.text + read.text + world.log.join()).includes(key.slice(20)))
    })

    it('gives no more than the one who makes it holds, be it by a role', async () => {
      const { body: role } = await world.call('POST', '/roles/', {
        token: chief.access,
        body: { name: 'Above', code_name: 'above', permissions: ['users:delete'] },
      })
      const refused = [
        { permissions: ['users:read'] },
        { permissions: ['projects:all'] },
        { roles: [role.code_name] },
      ]
      for (const body of refused) {
        const answer = await world.call('POST', '/api_keys/', {
          token: owner.access,
          body: { name: 'more', ...body },
        })
        assert.equal(answer.status, 403, JSON.stringify(body))
      }
    })

    it('follows its owner down: what the owner loses the key loses with the next request', async () => {
      const loser = await world.withPermissions('api_keys:create', 'documents:read', 'projects:read')
      const { key } = await make({ permissions: ['documents:read'] }, loser.access)
      const narrow = await make({ permissions: ['projects:read'] }, loser.access)
      assert.equal(await ask(key), 200)
      assert.equal((await patchUser(loser.id, { roles: [] })).status, 200)
      assert.equal(await ask(key), 403)
      assert.equal(await ask(narrow.key, '/api/demo/projects/'), 403)
    })

    it('is no superuser, though its owner is one', async () => {
      const { key } = await make({ permissions: ['sessions:delete', 'users:all'] }, chief.access)
      const call = (method: string, path: string, body = {}) => world.call(method, path, { token: key, body })
      assert.equal((await call('POST', '/sessions/end_all/')).status, 403)
      assert.equal((await call('PATCH', `/users/${owner.id}/`, { is_superuser: true })).status, 403)
      assert.equal((await world.call('GET', '/users/', { token: key })).status, 200)
    })

    it('acts by its own rank: an account that holds more than the key is out of its reach', async () => {
      const { key } = await make({ permissions: ['users:update', 'users:read'] }, chief.access)
      const body = { first_name: 'Renamed' }
      const above = await world.call('PATCH', `/users/${owner.id}/`, { token: key, body })
      assert.equal(above.status, 403)
      const plain = await world.register()
      const below = await world.call('PATCH', `/users/${plain.id}/`, { token: key, body })
      assert.equal(below.status, 200, below.text)
    })

    it('is named in the audit beside its owner, also where it was refused', async () => {
      const { key, id } = await make({ permissions: ['users:update', 'users:read'] }, chief.access)
      const plain = await world.register()
      await world.call('PATCH', `/users/${plain.id}/`, { token: key, body: { first_name: 'Anna' } })
      await world.call('GET', '/roles/', { token: key })
      for (const action of ['user.update', 'access.denied']) {
        const { body } = await world.call('GET', `/audit/?action=${action}&limit=1`, { token: chief.access })
        const [event] = body.results
        assert.equal(event.actor.id, chief.id, action)
        assert.equal(event.details.api_key_id, id, action)
      }
    })

    it('is refused by every call of the own account', async () => {
      const { key } = await make({ permissions: ['documents:read'] })
      const own = [
        ['GET', '/me/'],
        ['GET', '/me/sessions/'],
        ['POST', '/logout/'],
        ['POST', '/token/revoke_all/'],
        ['GET', '/events/'],
      ] as const
      for (const [method, path] of own) {
        const answer = await world.call(method, path, { token: key })
        assert.equal(answer.status, 403, path)
        assert.match(answer.body.detail, /API key/)
      }
    })

    it('is refused from the moment in which its owner is deactivated', async () => {
      const leaver = await world.withPermissions('api_keys:create', 'documents:read')
      const { key } = await make({ permissions: ['documents:read'] }, leaver.access)
      assert.equal(await ask(key), 200)
      assert.equal((await patchUser(leaver.id, { is_active: false })).status, 200)
      assert.equal(await ask(key), 401)
    })

    it('is refused once it is deleted', async () => {
      const deleted = await make({ permissions: ['documents:read'] })
      const gone = await world.call('DELETE', `/api_keys/${deleted.id}/`, { token: owner.access })
      assert.equal(gone.status, 204)
      assert.equal(await ask(deleted.key), 401)
    })

    it('can be rotated by its owner alone, and ended by who outranks the owner', async () => {
      const { id, key } = await make({ permissions: ['documents:read'] })
      const rotated = await world.call('POST', `/api_keys/${id}/rotate/`, { token: chief.access, body: {} })
      assert.equal(rotated.status, 403)
      const peer = await world.withPermissions(...all)
      for (const method of ['PATCH', 'DELETE']) {
        const body = method === 'PATCH' ? { name: 'mine' } : undefined
        const answer = await world.call(method, `/api_keys/${id}/`, { token: peer.access, body })
        assert.equal(answer.status, 403, method)
      }
      assert.equal(await ask(key), 200)
      const ended = await world.call('DELETE', `/api_keys/${id}/`, { token: chief.access })
      assert.equal(ended.status, 204)
      assert.equal(await ask(key), 401)
    })

    it('is renamed and given another end, under the version that was read', async () => {
      const { id } = await make({})
      const read = await world.call('GET', `/api_keys/${id}/`, { token: owner.access })
      const change = (etag: string, body: Record<string, unknown>) =>
        world.call('PATCH', `/api_keys/${id}/`, {
          token: owner.access,
          body,
          headers: { 'if-match': etag },
        })
      const first = await change(String(read.headers.etag), { name: 'Renamed' })
      assert.equal(first.status, 200)
      assert.equal(first.body.name, 'Renamed')
      assert.equal((await change(String(read.headers.etag), { name: 'Again' })).status, 412)
      const past = await change(String(first.headers.etag), { expires_at: '2020-01-01T00:00:00Z' })
      assert.equal(past.status, 400)
      assert.ok(past.body.errors.expires_at)
    })

    it('loses a role and a permission that are deleted', async () => {
      const made = await world.call('POST', '/roles/', {
        token: chief.access,
        body: { name: `Temp ${engine}`, code_name: 'temp', permissions: ['documents:export'] },
      })
      assert.equal(made.status, 201, made.text)
      const { key, id } = await make({ roles: ['temp'] }, chief.access)
      assert.equal(await ask(key, '/api/demo/documents/export/'), 200)
      const gone = await world.call('DELETE', `/roles/${made.body.id}/`, { token: chief.access })
      assert.equal(gone.status, 204)
      assert.equal(await ask(key, '/api/demo/documents/export/'), 403)
      const read = await world.call('GET', `/api_keys/${id}/`, { token: chief.access })
      assert.deepEqual(read.body.roles, [])
    })

    it('has a name that people can read, when it is made and when it is renamed', async () => {
      const { id } = await make({})
      for (const name of ['\u200b', 'in\u202evisible']) {
        const made = await world.call('POST', '/api_keys/', { token: owner.access, body: { name } })
        const renamed = await world.call('PATCH', `/api_keys/${id}/`, { token: owner.access, body: { name } })
        for (const answer of [made, renamed]) {
          assert.equal(answer.status, 400, answer.text)
          assert.ok(answer.body.errors.name)
        }
      }
    })

    it('is listed by owner', async () => {
      const other = await world.withPermissions('api_keys:create')
      const { key: _, ...shown } = await make({}, other.access)
      const { body } = await world.call('GET', `/api_keys/?owner_id=${other.id}`, { token: chief.access })
      assert.deepEqual(body.results, [shown])
    })
  })

  describe(`an API key as time passes on ${engine}`, async () => {
    const world = await testWorld({ engine })
    const owner = await world.superuser()
    const token = async () => (await world.login(owner)).access
    const make = async (body: Record<string, unknown> = {}) => {
      const answer = await world.call('POST', '/api_keys/', {
        token: await token(),
        body: { name: 'a service', permissions: ['roles:read'], ...body },
      })
      assert.equal(answer.status, 201, answer.text)
      return answer.body
    }
    const ask = async (key: string) => (await world.call('GET', '/roles/', { token: key })).status

    it('ends by itself, and is refused with one character changed', async () => {
      const expires_at = new Date(world.clock.nowMs() + 60_000).toISOString()
      const brief = await make({ expires_at })
      assert.equal(await ask(brief.key), 200)
      const other = brief.key.at(-1) === 'a' ? 'b' : 'a'
      assert.equal(await ask(brief.key.slice(0, -1) + other), 401)
      assert.equal(await ask(brief.prefix), 401)
      world.clock.advance(60_001)
      assert.equal(await ask(brief.key), 401)
    })

    it('gets a new secret; the old one works until the overlap is over', async () => {
      const { id, key: first } = await make()
      const rotate = async (body: Record<string, unknown>) => {
        const answer = await world.call('POST', `/api_keys/${id}/rotate/`, { token: await token(), body })
        assert.equal(answer.status, 200, answer.text)
        return answer.body.key
      }
      const second = await rotate({ overlap: '10m' })
      assert.deepEqual([await ask(first), await ask(second)], [200, 200])
      world.clock.advance(600_001)
      assert.deepEqual([await ask(first), await ask(second)], [401, 200])
      const third = await rotate({ overlap: '0s' })
      assert.deepEqual([await ask(second), await ask(third)], [401, 200])
      const wrong = await world.call('POST', `/api_keys/${id}/rotate/`, {
        token: await token(),
        body: { overlap: '31d' },
      })
      assert.equal(wrong.status, 400)
      assert.ok(wrong.body.errors.overlap)
    })

    it('tells its last use to the minute, with one write a minute', async () => {
      const { id, key } = await make()
      const lastUse = async () =>
        (await world.call('GET', `/api_keys/${id}/`, { token: await token() })).body.last_used_at
      assert.equal(await ask(key), 200)
      const first = await lastUse()
      assert.ok(Math.abs(Date.parse(first) - world.clock.nowMs()) < 60_000)
      world.clock.advance(30_000)
      assert.equal(await ask(key), 200)
      assert.equal(await lastUse(), first)
      world.clock.advance(30_001)
      assert.equal(await ask(key), 200)
      assert.ok(Date.parse(await lastUse()) >= Date.parse(first) + 60_000)
    })
  })
}
