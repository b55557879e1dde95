import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Account, testWorld } from '../../../test/support/world.ts'

describe('sessions', async () => {
  const world = await testWorld()
  const superuser = await world.superuser()

  const call = (account: Account, method: string, path: string, body?: unknown) =>
    world.call(method, path, { token: account.access, ...(body !== undefined && { body }) })

  it('shows the own live sessions as a plain list, under both names, and marks this one', async () => {
    const phone = await world.register()
    const laptop = await world.login(phone)
    for (const path of [
      '/me/sessions/',
      '/me/get_sessions/',
      '/me/get_sessions',
      `/me/get_sessions/${phone.id}`,
    ]) {
      const { status, body } = await call(laptop, 'GET', path)
      assert.equal(status, 200, path)
      assert.deepEqual(body.map((session: { is_current: boolean }) => session.is_current).sort(), [
        false,
        true,
      ])
      assert.deepEqual(Object.keys(body[0]).sort(), [
        'created_at',
        'expires_at',
        'id',
        'ip_address',
        'is_active',
        'is_current',
        'last_used_at',
        'user_agent',
        'uuid',
      ])
    }
  })

  it('a session of another user takes sessions:read, and without it an unknown user gives 403 too', async () => {
    const [ordinary, target] = [await world.register(), await world.register()]
    for (const id of [target.id, 999_999]) {
      const { status, body } = await call(ordinary, 'GET', `/me/get_sessions/${id}/`)
      assert.equal(status, 403)
      assert.ok(body.detail.includes('sessions:read'))
    }
    const reader = await world.withPermissions('sessions:read')
    const { status, body } = await call(reader, 'GET', `/me/get_sessions/${target.id}/`)
    assert.deepEqual([status, body.length, body[0].is_current], [200, 1, false])
    assert.equal((await call(reader, 'GET', '/me/get_sessions/999999/')).status, 404)
  })

  it('writes a refused look at another’s sessions to the audit', async () => {
    const ordinary = await world.register()
    await call(ordinary, 'GET', `/me/get_sessions/${superuser.id}/`)
    const { body } = await call(superuser, 'GET', `/audit/?actor=${ordinary.id}&action=access.denied`)
    assert.equal(body.results[0].outcome, 'denied')
  })

  it('the list of all sessions holds ended ones, filtered, under both paths', async () => {
    const phone = await world.register()
    const laptop = await world.login(phone)
    await call(phone, 'POST', '/logout/')
    for (const path of ['/sessions/', '/session/']) {
      const all = await call(superuser, 'GET', `${path}?user_id=${phone.id}&ordering=-id`)
      assert.deepEqual(
        all.body.results.map((row: { is_active: boolean; end_reason: string }) => [
          row.is_active,
          row.end_reason,
        ]),
        [
          [true, null],
          [false, 'logout'],
        ],
      )
      const live = await call(superuser, 'GET', `${path}?user_id=${phone.id}&is_active=true`)
      assert.equal(live.body.results.length, 1)
      const one = await call(superuser, 'GET', `${path}${live.body.results[0].id}/`)
      assert.deepEqual(one.body, live.body.results[0])
    }
    assert.equal((await call(laptop, 'GET', '/sessions/')).status, 403)
  })

  it('ends by is_active false and nothing else', async () => {
    const target = await world.register()
    const { body: list } = await call(superuser, 'GET', `/sessions/?user_id=${target.id}`)
    const path = `/sessions/${list.results[0].id}/`
    const refused: [unknown, string][] = [
      [{ is_active: true }, 'is_active'],
      [{ is_active: null }, 'is_active'],
      [{}, 'is_active'],
      [{ is_active: false, user_id: 1 }, 'user_id'],
      [{ is_active: false, expires_at: '2030-01-01T00:00:00Z' }, 'expires_at'],
    ]
    for (const [body, field] of refused) {
      const answer = await call(superuser, 'PATCH', path, body)
      assert.deepEqual([answer.status, Object.keys(answer.body.errors)], [400, [field]])
    }
    assert.equal((await call(target, 'GET', '/me/')).status, 200)

    const ended = await call(superuser, 'PATCH', path, { is_active: false })
    assert.deepEqual([ended.status, ended.body.end_reason], [200, 'ended_by_admin'])
    assert.equal((await call(target, 'GET', '/me/')).status, 401)
    assert.deepEqual((await call(superuser, 'PATCH', path, { is_active: false })).body, ended.body)
    assert.equal((await call(superuser, 'DELETE', path)).status, 204)
    assert.equal((await call(superuser, 'DELETE', '/sessions/999999/')).status, 404)
  })

  it('are neither made nor replaced by hand', async () => {
    const { body: list } = await call(superuser, 'GET', '/sessions/?limit=1')
    for (const [method, path] of [
      ['POST', '/sessions/'],
      ['POST', '/session/'],
      ['PUT', `/sessions/${list.results[0].id}/`],
    ] as const) {
      const answer = await call(superuser, method, path, {})
      assert.deepEqual([answer.status, answer.body.code], [405, 'method_not_allowed'])
    }
  })

  it('of a superuser are out of reach for who is none', async () => {
    const guard = await world.withPermissions('sessions:all')
    const { body: list } = await call(guard, 'GET', `/sessions/?user_id=${superuser.id}&is_active=true`)
    const path = `/sessions/${list.results[0].id}/`
    assert.equal((await call(guard, 'PATCH', path, { is_active: false })).status, 403)
    assert.equal((await call(guard, 'DELETE', path)).status, 403)
    assert.equal((await call(superuser, 'GET', '/me/')).status, 200)
  })
})
