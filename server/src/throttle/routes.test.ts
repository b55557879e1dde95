import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { stoppedClock } from '../../../test/support/stopped-clock.ts'
import { testWorld } from '../../../test/support/world.ts'

describe('/throttle/', async () => {
  const clock = stoppedClock()
  const world = await testWorld({ clock })
  const { email, password } = await world.register('anna@example.com')
  const reader = await world.withPermissions('throttle:read')
  const clearer = await world.withPermissions('throttle:read', 'throttle:delete')
  const list = async (query = '') =>
    (await world.call('GET', `/throttle/${query}`, { token: reader.access })).body.results
  const stranger = { 'user-agent': 'a stranger' }
  const attempt = (presented: string) =>
    world.call('POST', '/login/', { body: { email, password: presented }, headers: stranger })
  const besiege = async () => {
    for (let tries = 0; tries < 6; tries++) assert.equal((await attempt(`wrong wrong ${tries}`)).status, 401)
  }

  it('GET /throttle/ lists the accounts with failed attempts and since when they wait', async () => {
    await besiege()
    const [row] = await list('?kind=account&search=ANNA&is_blocked=true')
    const { id, ...rest } = row
    assert.ok(Number.isInteger(id))
    assert.deepEqual(rest, {
      kind: 'account',
      subject: 'anna@example.com',
      failures: 6,
      counted_at: new Date(clock.nowMs()).toISOString(),
      blocked_until: new Date(clock.nowMs() + 1_000).toISOString(),
    })
    const one = await world.call('GET', `/throttle/${id}/`, { token: reader.access })
    assert.deepEqual(one.body, row)
  })

  it('shows no wait that is over', async () => {
    clock.advance(1_000)
    const [row] = await list('?kind=account')
    assert.equal(row.blocked_until, null)
    assert.deepEqual(await list('?is_blocked=true'), [])
  })

  it('clearing a counter lets its account try at once, and the audit has who cleared it', async () => {
    assert.equal((await attempt('wrong once more')).status, 401)
    assert.equal((await attempt(password)).status, 429)
    const [{ id }] = await list('?kind=account')
    const cleared = await world.call('DELETE', `/throttle/${id}/`, { token: clearer.access })
    assert.equal(cleared.status, 204)
    assert.equal((await attempt(password)).status, 200)
    const { access: token } = await world.superuser()
    const { body } = await world.call('GET', '/audit/?action=throttle.clear', { token })
    assert.equal(body.results.length, 1)
    const [event] = body.results
    assert.equal(event.actor.id, clearer.id)
    assert.equal(event.target, `throttle/${id}`)
    assert.equal(event.details.kind, 'account')
  })

  it('a caller clears no counter of an account above them: of sign-ins, of devices, of password changes', async () => {
    const chief = await world.superuser()
    const above = await world.withPermissions('throttle:delete', 'users:read')
    const { access: token } = await world.login(clearer)
    const wrong = (account: { email: string }, headers = {}) =>
      world.call('POST', '/login/', { body: { email: account.email, password: 'not the password' }, headers })
    for (const account of [chief, above]) {
      const { headers } = await world.call('POST', '/login/', {
        body: { email: account.email, password: account.password },
      })
      assert.equal((await wrong(account)).status, 401)
      const device = { 'propusk-device': String(headers['propusk-device']) }
      assert.equal((await wrong(account, device)).status, 401)
      const body = { current_password: account.password, password: 'short', password2: 'short' }
      await world.call('POST', '/me/password/', { token: account.access, body })
    }
    const { results } = (await world.call('GET', '/throttle/?limit=200', { token })).body
    const isTheirs = (subject: string) =>
      [chief, above].some(({ id, email }) => subject.startsWith(email) || subject === String(id))
    const theirs = results.filter((row: { subject: string }) => isTheirs(row.subject))
    assert.deepEqual(
      new Set(theirs.map((row: { kind: string }) => row.kind)),
      new Set(['account', 'device', 'password_change']),
    )
    for (const { id } of theirs) {
      const refused = await world.call('DELETE', `/throttle/${id}/`, { token })
      assert.deepEqual([refused.status, refused.body.code], [403, 'permission_denied'])
      assert.equal((await world.call('GET', `/throttle/${id}/`, { token })).status, 200)
    }
    const { access: superuser } = await world.login(chief)
    for (const { id } of theirs) {
      const cleared = await world.call('DELETE', `/throttle/${id}/`, { token: superuser })
      assert.ok([204, 404].includes(cleared.status))
    }
  })

  it('/throttle/ refuses a caller without the permission before it checks anything else', async () => {
    const { access: token } = await world.register()
    for (const [method, path, permission] of [
      ['GET', '/throttle/', 'throttle:read'],
      ['GET', '/throttle/987654321/', 'throttle:read'],
      ['DELETE', '/throttle/987654321/', 'throttle:delete'],
    ] as const) {
      assert.equal((await world.call(method, path)).status, 401)
      const answer = await world.call(method, path, { token })
      assert.equal(answer.status, 403)
      assert.ok(answer.body.detail.includes(permission))
    }
    const answer = await world.call('DELETE', '/throttle/987654321/', { token: reader.access })
    assert.equal(answer.status, 403)
  })

  it('answers 404 for a counter that is not there', async () => {
    for (const method of ['GET', 'DELETE']) {
      const answer = await world.call(method, '/throttle/987654321/', { token: clearer.access })
      assert.equal(answer.status, 404)
    }
  })

  it('takes only a kind that exists', async () => {
    const answer = await world.call('GET', '/throttle/?kind=captcha', { token: reader.access })
    assert.equal(answer.status, 400)
    assert.deepEqual(Object.keys(answer.body.errors), ['kind'])
  })
})
