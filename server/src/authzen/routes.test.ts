import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { goodPassword, testWorld, type World } from '../../../test/support/world.ts'
import * as todo from './todo-scenario.table.ts'

type Json = Record<string, unknown>

/** A program with an API key that may ask about users. */
async function askerIn(world: World) {
  const { access: token } = await world.superuser()
  const make = async (path: string, body: Json) => {
    const answer = await world.call('POST', path, { token, body })
    assert.equal(answer.status, 201, answer.text)
    return answer.body
  }
  const { key } = await make('/api_keys/', { name: 'a gateway', permissions: ['users:read'] })
  const ask = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    world.call('POST', `/access/v1/${path}`, { token: key, body, headers })
  const accountOf = async (email: string, ...roles: readonly string[]): Promise<number> => {
    const { id } = await make('/users/', { email, password: goodPassword })
    const given = await world.call('PATCH', `/users/${id}/`, { token, body: { roles } })
    assert.equal(given.status, 200, given.text)
    return id
  }
  const named = (code_name: string) => ({ name: code_name, code_name })
  return { token, key, make, ask, accountOf, named }
}

for (const engine of engines) {
  describe(`AuthZEN on ${engine}`, async () => {
    const world = await testWorld({ engine })
    const { token, make, ask, accountOf, named, key } = await askerIn(world)
    let alice: { type: string; id: string }
    let bob: { type: string; id: string }
    const record = { type: 'record', id: 'record-1' }
    const other = { type: 'record', id: 'record-2' }
    const [read, write] = [{ name: 'read' }, { name: 'write' }]

    before(async () => {
      await make('/resources/', named('record'))
      await make('/actions/', named('write'))
      await make('/roles/', { ...named('reader'), permissions: ['record:read'] })
      await make('/roles/', { ...named('writer'), permissions: ['record:read', 'record:write'] })
      alice = { type: 'user', id: String(await accountOf('alice@example.com', 'writer')) }
      bob = { type: 'user', id: String(await accountOf('bob@example.com', 'reader')) }
    })

    const decisionOf = async (body: unknown) => {
      const { status, body: answer, text, headers } = await ask('evaluation', body)
      assert.equal(status, 200, text)
      assert.match(String(headers['content-type']), /^application\/json/)
      return answer.decision
    }

    // The certification scenario of openid/authzen: rules 1 to 4, and what Basic Core sends beside them.
    it('decides about a user by id or by email address, whatever else is said', async () => {
      for (const [subject, action, expected] of [
        [alice, read, true],
        [alice, write, true],
        [bob, read, true],
        [bob, write, false],
        [{ type: 'user', id: 'Alice@Example.com' }, write, true],
      ] as const) {
        assert.equal(await decisionOf({ subject, action, resource: record }), expected)
      }
      const context = { time: '2025-06-27T18:03-07:00', ip: '192.168.1.1' }
      const properties = { department: 'Sales', __proto__x: 1 }
      const rest = { foo: 'bar', futureField: { nested: true } }
      const full = {
        subject: { ...alice, properties },
        action: { ...read, properties: { method: 'GET' } },
        resource: { ...record, properties: { owner: 'bob' }, foo: 1 },
      }
      for (let time = 0; time < 3; time += 1)
        assert.equal(await decisionOf({ ...full, context, ...rest }), true)
    })

    it('says why', async () => {
      const { body } = await ask('evaluation', { subject: alice, action: write, resource: record })
      assert.deepEqual(body.context, { because: [{ role: 'writer', permission: 'record:write' }] })
      const denied = await ask('evaluation', { subject: bob, action: write, resource: record })
      assert.deepEqual(denied.body.context, { because: [{ missing: 'record:write' }] })
    })

    it('denies what is unknown, and a closed account', async () => {
      const gone = await accountOf('gone@example.com', 'writer')
      await world.call('DELETE', `/users/${gone}/`, { token })
      const strange = [
        { type: 'user', id: 'nonexistent-user' },
        { type: 'user', id: '987654' },
        { type: 'user', id: '99999999999999999999' },
        { type: 'user', id: '' },
        { type: 'spaceship', id: alice.id },
        { type: 'user', id: String(gone) },
      ]
      for (const subject of strange)
        assert.equal(await decisionOf({ subject, action: read, resource: record }), false)
      assert.equal(await decisionOf({ subject: alice, action: { name: 'fly' }, resource: record }), false)
      assert.equal(
        await decisionOf({ subject: alice, action: read, resource: { type: 'moon', id: '1' } }),
        false,
      )
    })

    it('answers 400 to what is no evaluation, and names what is wrong', async () => {
      const whole = { subject: alice, action: read, resource: record }
      const wrong: readonly (readonly [unknown, string])[] = [
        [{ ...whole, subject: undefined }, 'subject'],
        [{ ...whole, action: undefined }, 'action'],
        [{ ...whole, resource: undefined }, 'resource'],
        [{ ...whole, subject: { id: alice.id } }, 'subject.type'],
        [{ ...whole, subject: { type: 'user' } }, 'subject.id'],
        [{ ...whole, action: {} }, 'action.name'],
        [{ ...whole, resource: { id: '1' } }, 'resource.type'],
        [{ ...whole, resource: { type: 'record' } }, 'resource.id'],
        [{ ...whole, subject: 'alice' }, 'subject'],
        [{ ...whole, action: { name: 123 } }, 'action.name'],
        [{ ...whole, context: 'x' }, 'context'],
        ['{"subject":', 'body'],
        ['[]', 'body'],
      ]
      for (const path of ['evaluation', 'evaluations']) {
        for (const [body, field] of wrong) {
          const answer = await ask(path, body, { 'x-request-id': 'r-1' })
          assert.equal(answer.status, 400, `${path} ${field} ${answer.text}`)
          assert.ok(Object.hasOwn(answer.body.errors, field), `${path} ${field} ${answer.text}`)
          assert.equal(answer.headers['x-request-id'], 'r-1')
        }
        assert.equal((await ask(path, JSON.stringify(whole), { 'content-type': 'text/plain' })).status, 400)
        assert.equal((await ask(path, undefined)).status, 400)
      }
    })

    it('gives the identifier of a request back, whatever the answer', async () => {
      const id = 'bfe9eb29-ab87-4ca3-be83-a1d5d8305716'
      const headers = { 'x-request-id': id }
      const whole = { subject: alice, action: read, resource: record }
      assert.equal((await ask('evaluation', whole, headers)).headers['x-request-id'], id)
      assert.equal((await ask('evaluation', whole)).headers['x-request-id'], undefined)
      const refused = await world.call('POST', '/access/v1/evaluation', { body: whole, headers })
      assert.deepEqual([refused.status, refused.headers['x-request-id']], [401, id])
    })

    it('is for a key or a token that may read users', async () => {
      const whole = { subject: alice, action: read, resource: record }
      const weak = await make('/api_keys/', { name: 'weak', permissions: ['record:read'] })
      const denied = await world.call('POST', '/access/v1/evaluation', { token: weak.key, body: whole })
      assert.equal(denied.status, 403)
      const reader = await world.withPermissions('users:read')
      const answer = await world.call('POST', '/access/v1/evaluation', { token: reader.access, body: whole })
      assert.equal(answer.body.decision, true)
      assert.ok(key.startsWith('propusk_'))
    })

    const decisionsOf = async (body: unknown) => {
      const { status, body: answer, text } = await ask('evaluations', body)
      assert.equal(status, 200, text)
      assert.equal(answer.decision, undefined)
      return answer.evaluations.map(({ decision }: { decision: boolean }) => decision)
    }

    it('decides many at once, in their places, completed by what stands beside them', async () => {
      const resources = [{ resource: record }, { resource: other, context: { source: 'own' } }]
      const context = { time: '2025-06-27T18:03-07:00' }
      assert.deepEqual(await decisionsOf({ subject: alice, action: read, context, evaluations: resources }), [
        true,
        true,
      ])
      const actions = [{ action: read }, { action: write }]
      assert.deepEqual(await decisionsOf({ subject: bob, resource: record, evaluations: actions }), [
        true,
        false,
      ])
      const whole = [
        { subject: alice, action: read, resource: record },
        { subject: bob, action: write, resource: record },
        { subject: alice, action: write, resource: record },
      ]
      assert.deepEqual(await decisionsOf({ evaluations: whole }), [true, false, true])
      const parts = [{ resource: { id: 'record-1' } }, { resource: { type: 'moon', id: '2' } }]
      const merged = { subject: alice, action: write, resource: { type: 'record' }, evaluations: parts }
      assert.deepEqual(await decisionsOf(merged), [true, false])
    })

    it('denies the one of many that is wrong, and says what is', async () => {
      const evaluations = [{ resource: record }, {}, 7, { resource: 'x' }, { resource: { type: 1, id: '1' } }]
      const { body } = await ask('evaluations', { subject: alice, action: read, evaluations })
      const answered = body.evaluations as { decision: boolean; context: { error?: Json } }[]
      assert.deepEqual(
        answered.map(({ decision }) => decision),
        [true, false, false, false, false],
      )
      assert.deepEqual(answered[1]!.context, {
        error: { status: 400, message: 'resource: This field is required.' },
      })
      assert.ok(answered.slice(1).every(({ context }) => context.error?.status === 400))
    })

    it('is a single evaluation without a list or with an empty one', async () => {
      const whole = { subject: alice, action: read, resource: record }
      for (const body of [whole, { ...whole, evaluations: [] }]) {
        const answer = await ask('evaluations', body)
        assert.equal(answer.body.decision, true)
        assert.equal(answer.body.evaluations, undefined)
      }
    })

    it('stops where the request says so', async () => {
      const evaluations = [{ action: read }, { action: write }, { action: read }]
      const by = (evaluations_semantic: unknown, subject = bob) => ({
        ...{ subject, resource: record, evaluations },
        options: { evaluations_semantic, another_option: 'value' },
      })
      assert.deepEqual(await decisionsOf(by('execute_all')), [true, false, true])
      assert.deepEqual(await decisionsOf(by('deny_on_first_deny')), [true, false])
      assert.deepEqual(await decisionsOf(by('permit_on_first_permit')), [true])
      assert.deepEqual(await decisionsOf(by('deny_on_first_deny', alice)), [true, true, true])
      assert.equal((await ask('evaluations', by('sometimes'))).status, 400)
      const many = { subject: bob, resource: record, evaluations: Array(101).fill({ action: read }) }
      assert.equal((await ask('evaluations', many)).status, 400)
    })

    it('finds who can, page by page', async () => {
      const body = { subject: { type: 'user' }, action: read, resource: record, context: {} }
      const ids: string[] = []
      let next = ''
      for (let pages = 0; pages === 0 || next !== ''; pages += 1) {
        const page = next === '' ? { limit: 1 } : { token: next, limit: 1 }
        const answer = await ask('search/subject', { ...body, page })
        assert.equal(answer.status, 200, answer.text)
        assert.ok(answer.body.results.every(({ type }: Json) => type === 'user'))
        assert.equal(answer.body.page.count, answer.body.results.length)
        ids.push(...answer.body.results.map(({ id }: Json) => id))
        next = answer.body.page.next_token
        assert.ok(pages < 20)
      }
      const all = await ask('search/subject', { ...body, subject: { ...bob } })
      assert.deepEqual(
        all.body.results.map(({ id }: Json) => id),
        ids,
      )
      assert.ok(ids.includes(alice.id) && ids.includes(bob.id))
      const writers = await ask('search/subject', { ...body, action: write })
      assert.ok(!writers.body.results.some(({ id }: Json) => id === bob.id))
      const first = await ask('search/subject', { ...body, page: { limit: 1 } })
      const token = first.body.page.next_token
      for (const wrong of [{ token: 'made up' }, { limit: 0 }]) {
        const answer = await ask('search/subject', { ...body, page: wrong })
        assert.equal(answer.status, 400)
        assert.ok(Object.keys(answer.body.errors)[0]!.startsWith('page.'), answer.text)
      }
      assert.equal((await ask('search/subject', { ...body, action: write, page: { token } })).status, 400)
    })

    it('finds what a user may do', async () => {
      const actionsOf = async (subject: unknown, resource: unknown = record) => {
        const answer = await ask('search/action', { subject, resource })
        assert.equal(answer.status, 200, answer.text)
        return answer.body.results.map(({ name }: Json) => name)
      }
      assert.deepEqual(await actionsOf(alice), ['read', 'write'])
      assert.deepEqual(await actionsOf(bob), ['read'])
      for (const subject of [
        { type: 'user', id: 'nonexistent-user' },
        { type: 'spaceship', id: '1' },
      ]) {
        assert.deepEqual(await actionsOf(subject), [])
      }
      assert.deepEqual(await actionsOf(alice, { type: 'moon', id: '1' }), [])
    })

    it('finds none of an unknown kind, and answers 400 to a search that lacks something', async () => {
      const body = { subject: { type: 'spaceship' }, action: read, resource: record }
      assert.deepEqual((await ask('search/subject', body)).body.results, [])
      for (const wrong of [
        { ...body, action: undefined },
        { ...body, resource: { type: 'record' } },
      ]) {
        assert.equal((await ask('search/subject', wrong)).status, 400)
      }
      assert.equal((await ask('search/action', { subject: alice })).status, 400)
      assert.equal((await ask('search/resource', body)).status, 404)
    })
  })
}

describe('The metadata of AuthZEN', async () => {
  const url = 'https://id.example.com/auth'
  const world = await testWorld({ env: { PROPUSK_PUBLIC_URL: url } })

  it('names what is there and nothing else, where a decision point with a path has it', async () => {
    for (const path of ['/.well-known/authzen-configuration', '/.well-known/authzen-configuration/auth']) {
      const answer = await world.inject({ url: path })
      assert.equal(answer.statusCode, 200)
      assert.deepEqual(answer.json(), {
        policy_decision_point: url,
        access_evaluation_endpoint: `${url}/access/v1/evaluation`,
        access_evaluations_endpoint: `${url}/access/v1/evaluations`,
        search_subject_endpoint: `${url}/access/v1/search/subject`,
        search_action_endpoint: `${url}/access/v1/search/action`,
      })
    }
  })
})

describe('The published scenario «Todo»', async () => {
  const world = await testWorld()
  const { make, ask, accountOf, named } = await askerIn(world)
  const [head, ...rows] = todo.decisions.trim().split('\n')
  const actions = head!.trim().split(/ +/)

  before(async () => {
    await make('/resources/', named('user'))
    await make('/resources/', named('todo'))
    for (const action of actions) await make('/actions/', named(action))
    for (const [role, more] of Object.entries(todo.roles)) {
      const permissions = [
        'user:can_read_user',
        'todo:can_read_todos',
        ...more.map(action => `todo:${action}`),
      ]
      await make('/roles/', { ...named(role), permissions })
    }
    for (const [email, roles] of Object.entries(todo.people)) await accountOf(email, ...roles)
  })

  for (const row of rows) {
    const [id, ...cells] = row.split(/ +/) as [string, ...string[]]
    for (const [index, cell] of cells.entries()) {
      const name = actions[index]!
      it(`${id} ${name}: ${cell === 'own' ? 'left to the program, so denied' : cell}`, async () => {
        const type = name === 'can_read_user' ? 'user' : 'todo'
        for (const ownerID of [id, 'somebody@else.example']) {
          const answer = await ask('evaluation', {
            subject: { type: 'user', id, identity: 'CiRm' },
            action: { name },
            resource: { type, id: 'todo-1', properties: { ownerID } },
          })
          assert.equal(answer.body.decision, cell === 'yes', answer.text)
        }
      })
    }
  }
})
