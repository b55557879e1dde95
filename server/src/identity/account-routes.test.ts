import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { goodPassword, testWorld } from '../../../test/support/world.ts'

describe('/me/', async () => {
  const world = await testWorld()
  const anna = await world.register()

  const patch = (body: unknown) => world.call('PATCH', '/me/', { token: anna.access, body })

  it('GET /me/ answers exactly the profile, and forbids to cache it', async () => {
    const { status, body, headers } = await world.call('GET', '/me/', { token: anna.access })
    assert.equal(status, 200)
    const { date_joined, last_login, updated_at, ...rest } = body
    assert.deepEqual(rest, {
      id: anna.id,
      email: anna.email,
      email_verified: false,
      first_name: null,
      last_name: null,
      middle_name: null,
      is_active: true,
      is_staff: false,
      is_superuser: false,
      roles: [],
      permissions: [],
    })
    for (const instant of [date_joined, last_login, updated_at]) assert.match(instant, /^\d{4}-.*T.*Z$/)
    assert.equal(headers['cache-control'], 'no-store')
  })

  it('is for who is signed in only', async () => {
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      assert.equal((await world.call(method, '/me/', method === 'PATCH' ? { body: {} } : {})).status, 401)
    }
    assert.equal((await world.call('POST', '/me/password/', { body: {} })).status, 401)
  })

  it('changes the names that are given; null clears one', async () => {
    assert.equal((await patch({ first_name: 'Анна', last_name: 'Petrova' })).status, 200)
    const { body } = await patch({ last_name: null, middle_name: '' })
    assert.deepEqual([body.first_name, body.last_name, body.middle_name], ['Анна', null, null])
    assert.deepEqual((await patch({ first_name: body.first_name })).body, body)
  })

  const refused: [string, unknown, RegExp][] = [
    ['email', 'other@example.com', /changed here/],
    ['is_superuser', true, /changed here/],
    ['is_staff', true, /changed here/],
    ['is_active', false, /changed here/],
    ['roles', ['admin'], /changed here/],
    ['permissions', ['users:all'], /changed here/],
    ['password', 'seven quiet lamps', /changed here/],
    ['id', 1, /changed here/],
    ['date_joined', '2020-01-01T00:00:00Z', /changed here/],
    ['email_verified', true, /changed here/],
    ['first_name', 7, /string or null/],
    ['last_name', 'x'.repeat(151), /at most 150/],
    ['middle_name', 'a\u0000b', /cannot be stored/],
  ]
  for (const [field, value, said] of refused) {
    it(`refuses ${field} as ${JSON.stringify(value).slice(0, 30)}, and changes nothing`, async () => {
      const earlier = await world.call('GET', '/me/', { token: anna.access })
      const { status, body } = await patch({ first_name: 'Changed', [field]: value })
      assert.deepEqual([status, body.code], [400, 'invalid_request'])
      assert.match(body.errors[field].join(), said)
      assert.deepEqual((await world.call('GET', '/me/', { token: anna.access })).body, earlier.body)
    })
  }

  it('takes 150 characters of a name, whatever they weigh', async () => {
    assert.equal((await patch({ first_name: '😀'.repeat(150) })).status, 200)
    assert.equal((await patch({ first_name: '😀'.repeat(151) })).status, 400)
  })

  it('names every field that a change of password lacks', async () => {
    const { status, body } = await world.call('POST', '/me/password/', { token: anna.access, body: {} })
    assert.equal(status, 400)
    assert.deepEqual(Object.keys(body.errors).sort(), ['current_password', 'password', 'password2'])
  })

  it('does not close the account of the last active superuser', async () => {
    const other = await testWorld()
    const last = await other.superuser()
    const { status, body } = await other.call('DELETE', '/me/', { token: last.access })
    assert.deepEqual([status, body.code], [409, 'conflict'])
    assert.equal((await other.call('GET', '/me/', { token: last.access })).status, 200)
    const second = await other.superuser()
    assert.equal((await other.call('DELETE', '/me/', { token: last.access })).status, 204)
    assert.equal((await other.call('GET', '/me/', { token: last.access })).status, 401)
    assert.equal((await other.call('DELETE', '/me/', { token: second.access })).status, 409)
  })

  it('answers a closed account like a wrong password', async () => {
    const gone = await world.register()
    assert.equal((await world.call('DELETE', '/me/', { token: gone.access })).status, 204)
    const body = { email: gone.email, password: goodPassword }
    const closed = await world.call('POST', '/login/', { body })
    const wrong = await world.call('POST', '/login/', {
      body: { ...body, email: anna.email, password: 'wrong' },
    })
    assert.deepEqual(
      [closed.status, closed.body.code, closed.body.detail],
      [401, wrong.body.code, wrong.body.detail],
    )
  })
})
