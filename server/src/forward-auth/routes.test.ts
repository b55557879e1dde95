import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { testWorld } from '../../../test/support/world.ts'

for (const engine of engines) {
  describe(`rules of forward-auth on ${engine}`, async () => {
    const world = await testWorld({ engine })
    const { access: token, id: me } = await world.superuser()
    const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
      world.call(method, `/forward_rules/${path}`, { token, headers, ...(body !== undefined && { body }) })
    const create = async (rule: object) => {
      const answer = await call('POST', '', rule)
      assert.equal(answer.status, 201, answer.text)
      return answer
    }
    const eventsOf = async (id: number) => {
      const { body } = await world.call('GET', `/audit/?target=forward_rules/${id}`, { token })
      return body.results
        .map(({ action, details }: { action: string; details: unknown }) => ({ action, details }))
        .reverse()
    }

    it('are made, read, changed and removed, each by its version and with an event', async () => {
      const made = await create({
        host: 'a.example.org',
        path: '/x/*',
        methods: ['POST', 'GET'],
        access: 'public',
      })
      const { id, created_at, ...rule } = made.body
      assert.deepEqual(rule, {
        host: 'a.example.org',
        path: '/x/*',
        methods: ['GET', 'POST'],
        access: 'public',
        acr: null,
        max_age: null,
      })
      assert.ok(Math.abs(Date.parse(created_at) - world.clock.nowMs()) < 60_000)
      const read = await call('GET', `${id}/`)
      assert.deepEqual([read.body, read.headers.etag], [made.body, made.headers.etag])

      const before = String(read.headers.etag)
      const changed = await call(
        'PATCH',
        `${id}/`,
        { access: 'users:read', methods: null },
        { 'if-match': before },
      )
      assert.deepEqual(changed.body, { ...made.body, access: 'users:read', methods: null })
      assert.notEqual(changed.headers.etag, before)
      const late = await call('PATCH', `${id}/`, { access: 'public' }, { 'if-match': before })
      assert.equal(late.status, 412)
      assert.equal((await call('DELETE', `${id}/`, undefined, { 'if-match': before })).status, 412)
      assert.equal((await call('GET', `${id}/`)).body.access, 'users:read')

      const now = String(changed.headers.etag)
      assert.equal((await call('DELETE', `${id}/`, undefined, { 'if-match': now })).status, 204)
      for (const method of ['GET', 'DELETE']) assert.equal((await call(method, `${id}/`)).status, 404)
      assert.equal((await call('PATCH', `${id}/`, { access: 'public' })).status, 404)
      const events = await eventsOf(id)
      assert.deepEqual(
        events.map(({ action }: { action: string }) => action),
        ['forward_rule.create', 'forward_rule.update', 'forward_rule.delete'],
      )
    })

    it('leave no event where a change changes nothing', async () => {
      const { body } = await create({ host: 'same.example.org', path: '/', access: 'public' })
      assert.equal((await call('PATCH', `${body.id}/`, { access: 'public', host: body.host })).status, 200)
      assert.equal((await eventsOf(body.id)).length, 1)
    })

    it('are listed in pages, in order, and found by host and path', async () => {
      for (const name of ['c', 'b', 'd'])
        await create({ host: `${name}.list.example.org`, path: '/*', access: 'public' })
      const first = await call('GET', '?search=.list.example&ordering=-host&limit=2')
      assert.deepEqual(
        first.body.results.map(({ host }: { host: string }) => host),
        ['d.list.example.org', 'c.list.example.org'],
      )
      const rest = await world.call('GET', first.body.next, { token })
      assert.equal(rest.body.results[0].host, 'b.list.example.org')
      assert.equal((await call('GET', '?search=c.LIST.example.org/*')).body.results.length, 1)
      assert.equal((await call('GET', '?search=c_list')).body.results.length, 0)
    })

    it('share no method with another of the same host and path', async () => {
      const at = { host: 'o.example.org', path: '/*' }
      await create({ ...at, methods: ['GET'], access: 'public' })
      const other = await create({ ...at, methods: ['POST', 'PUT'], access: 'signed_in' })
      for (const methods of [null, ['GET'], ['HEAD'], ['DELETE', 'POST']]) {
        const refused = await call('POST', '', { ...at, methods, access: 'public' })
        assert.equal(refused.status, 409, JSON.stringify(methods))
        assert.ok(refused.body.errors.methods)
      }
      assert.equal((await call('PATCH', `${other.body.id}/`, { methods: ['GET', 'POST'] })).status, 409)
      // With itself a rule may.
      assert.equal((await call('PATCH', `${other.body.id}/`, { methods: ['POST', 'DELETE'] })).status, 200)
      await create({ ...at, path: '/', methods: ['GET'], access: 'public' })
    })

    it('of two that overlap and are made at once, one is', async () => {
      const rule = { host: 'race.example.org', path: '/*', access: 'public' }
      const answers = await Promise.all([1, 2, 3, 4].map(() => call('POST', '', rule)))
      assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409, 409, 409])
    })

    it('are refused by field for a host, a path or an access that is none', async () => {
      const rule = { host: 'f.example.org', path: '/*', access: 'public' }
      const cases: readonly (readonly [string, string])[] = [
        ['host', 'F.example.org'],
        ['host', 'f.example.org:443'],
        ['host', '*'],
        ['host', 'a.*.org'],
        ['path', 'x'],
        ['path', '/a/../b'],
        ['path', '/a//b'],
        ['path', '/a%20b'],
        ['path', '/a*'],
        ['path', '/*/a'],
        ['access', 'everybody'],
        ['access', 'users:fly'],
        ['access', 'dragons:read'],
      ]
      for (const [field, value] of cases) {
        const refused = await call('POST', '', { ...rule, [field]: value })
        assert.equal(refused.status, 400, `${field}=${value}`)
        assert.deepEqual(Object.keys(refused.body.errors), [field])
      }
    })

    it('follow their permission when it is renamed, and refuse when it is deleted', async () => {
      const made = await world.call('POST', '/resources/', {
        token,
        body: { name: 'Plans', code_name: 'plans' },
      })
      const { body } = await create({ host: 'p.example.org', path: '/*', access: 'plans:read' })
      const renamed = { token, body: { code_name: 'schemes' } }
      assert.equal((await world.call('PATCH', `/resources/${made.body.id}/`, renamed)).status, 200)
      assert.equal((await call('GET', `${body.id}/`)).body.access, 'schemes:read')
      const { body: found } = await world.call('GET', '/permissions/?search=schemes:read', { token })
      const gone = await world.call('DELETE', `/permissions/${found.results[0].id}/`, { token })
      assert.equal(gone.status, 204)
      assert.equal((await call('GET', `${body.id}/`)).body.access, null)
      const answer = await call('GET', `answer/?host=p.example.org&path=/x&user_id=${me}`)
      assert.deepEqual([answer.body.status, answer.body.because], [403, 'permission_deleted'])
      // Another field cannot be changed without saying who passes.
      assert.equal((await call('PATCH', `${body.id}/`, { path: '/y' })).status, 400)
      assert.equal((await call('PATCH', `${body.id}/`, { path: '/y', access: 'signed_in' })).status, 200)
    })
  })
}
