import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { testWorld } from '../support/world.ts'

/** RFC 3339 in UTC. */
const utc = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/

describe('what happens', async () => {
  const world = await testWorld()
  const administrator = await world.superuser()
  const person = await world.register()
  const hostile = { 'user-agent': 'Phone\t"},{"level":"error' }

  it('is logged with its time in UTC, its place and its outcome, one line each', async () => {
    await world.call('GET', '/users/', { token: person.access, headers: hostile })
    const { length } = world.log
    await world.call('POST', '/login/', { body: { email: person.email, password: 'x' }, headers: hostile })
    await world.call('GET', '/me/', { token: `${person.access}x`, headers: hostile })
    await world.call('GET', `/me%0a%7b%22level%22/`, { headers: hostile })
    const lines = world.log.slice(length)
    assert.equal(lines.length, 3)
    for (const line of lines) {
      assert.equal(line.trimEnd().split('\n').length, 1)
      const { time, level, msg, requestId, method, path, status, ip } = JSON.parse(line)
      assert.match(time, utc)
      assert.deepEqual([level, msg, ip], ['info', 'request', '127.0.0.1'])
      assert.deepEqual(
        [typeof requestId, typeof method, typeof path, typeof status],
        ['string', 'string', 'string', 'number'],
      )
    }
    const codes = lines.map(line => JSON.parse(line).code)
    assert.deepEqual(codes.slice(0, 2), ['invalid_credentials', 'invalid_token'])
  })

  it('every act and every rejection is in the audit with actor, action, time, target, outcome and address', async () => {
    const other = await world.login(person)
    await world.call('POST', '/token/refresh/', { body: { refresh: other.refresh } })
    world.clock.advance(11_000)
    await world.call('POST', '/token/refresh/', { body: { refresh: other.refresh } })
    await world.call('GET', '/roles/', { token: person.access })
    await world.call('PATCH', `/users/${person.id}/`, {
      token: administrator.access,
      body: { is_active: false },
    })
    const { body } = await world.call('GET', '/audit/?limit=200', { token: administrator.access })
    const acts = new Map<string, string>()
    for (const event of body.results) {
      // The server itself, which made its first key, acts from nowhere.
      if (event.action === 'key.create') continue
      const isStranger = ['token.reuse', 'user.login_failed'].includes(event.action)
      assert.ok(event.actor?.id > 0 || isStranger, JSON.stringify(event))
      assert.match(event.at, utc)
      assert.deepEqual(
        [typeof event.action, typeof event.target, typeof event.ip_address, typeof event.user_agent],
        ['string', 'string', 'string', 'string'],
        JSON.stringify(event),
      )
      acts.set(event.action, event.outcome)
    }
    const expected = ['user.register', 'user.login', 'access.denied', 'token.reuse', 'user.deactivate']
    assert.deepEqual(
      expected.filter(act => !acts.has(act)),
      [],
    )
    assert.equal(acts.get('access.denied'), 'denied')
    assert.equal(acts.get('user.login'), 'success')
  })
})
