import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Account, goodPassword, testWorld } from '../../../test/support/world.ts'

const password = 'seven quiet lamps at noon'

describe('/users/', async () => {
  let counter = 0

  const world = await testWorld()
  const superuser = await world.superuser()

  const as = (account: Account) => (method: string, path: string, body?: unknown) =>
    world.call(method, path, { token: account.access, ...(body !== undefined && { body }) })
  const fresh = () => `fresh-${++counter}@example.com`

  it('answers the same 403 whether a user exists or not, and names the permission', async () => {
    const ordinary = as(await world.register())
    for (const [method, action] of [
      ['GET', 'read'],
      ['PUT', 'update'],
      ['PATCH', 'update'],
      ['DELETE', 'delete'],
    ] as const) {
      const body = method === 'PUT' || method === 'PATCH' ? { nonsense: 1 } : undefined
      const [there, nowhere] = await Promise.all([
        ordinary(method, `/users/${superuser.id}/`, body),
        ordinary(method, '/users/999999/', body),
      ])
      assert.deepEqual([there.status, there.body.code], [403, 'permission_denied'])
      assert.ok(there.body.detail.includes(`users:${action}`))
      const { instance: _, ...said } = there.body
      const { instance: __, ...saidOfNobody } = nowhere.body
      assert.deepEqual(said, saidOfNobody)
    }
    assert.equal((await ordinary('GET', '/users/')).status, 403)
    assert.equal((await ordinary('POST', '/users/', {})).status, 403)
  })

  it('opens, reads, replaces, changes and closes an account', async () => {
    const admin = as(superuser)
    const email = fresh()
    const created = await admin('POST', '/users/', { email, password, first_name: 'Анна', is_staff: true })
    assert.deepEqual([created.status, created.body.email, created.body.is_staff], [201, email, true])
    assert.ok(!('permissions' in created.body) && !('password' in created.body))
    const path = `/users/${created.body.id}/`
    assert.deepEqual((await admin('GET', path)).body, created.body)

    const changed = await admin('PATCH', path, { last_name: 'Petrova' })
    assert.deepEqual([changed.body.first_name, changed.body.last_name], ['Анна', 'Petrova'])

    const replaced = await admin('PUT', path, { email, roles: [] })
    const { first_name, last_name, is_active, is_staff, is_superuser, roles } = replaced.body
    assert.deepEqual(
      [replaced.status, first_name, last_name, is_active, is_staff, is_superuser, roles],
      [200, null, null, true, false, false, []],
    )

    assert.equal((await admin('DELETE', path)).status, 204)
    const closed = await admin('GET', path)
    assert.deepEqual([closed.status, closed.body.is_active], [200, false])
    assert.equal((await admin('DELETE', path)).status, 204)
    const again = await admin('POST', '/users/', { email, password })
    assert.equal(again.status, 409)
    assert.ok(again.body.errors.email)
  })

  it('lets the new owner sign in with the first password', async () => {
    const email = fresh()
    assert.equal((await as(superuser)('POST', '/users/', { email, password })).status, 201)
    assert.equal((await world.call('POST', '/login/', { body: { email, password } })).status, 200)
  })

  it('lets no administrator set a password later', async () => {
    const target = await world.register()
    const path = `/users/${target.id}/`
    for (const [method, body] of [
      ['PATCH', { password }],
      ['PUT', { email: target.email, roles: [], password: null }],
    ] as const) {
      const answer = await as(superuser)(method, path, body)
      assert.equal(answer.status, 400)
      assert.match(answer.body.errors.password.join(), /owner/)
    }
    const body = { email: target.email, password: goodPassword }
    assert.equal((await world.call('POST', '/login/', { body })).status, 200)
  })

  const refusedBodies: [string, string, unknown, string][] = [
    ['POST', 'no address', { password }, 'email'],
    ['POST', 'no password', { email: 'x@example.com' }, 'password'],
    ['POST', 'a weak password', { email: 'x@example.com', password: 'password' }, 'password'],
    ['POST', 'a read-only field', { email: 'x@example.com', password, last_login: null }, 'last_login'],
    ['POST', 'an unknown role', { email: 'x@example.com', password, roles: ['nonesuch'] }, 'roles'],
    ['POST', 'a role twice', { email: 'x@example.com', password, roles: ['a', 'a'] }, 'roles'],
    ['PUT', 'no address', { first_name: 'x', roles: [] }, 'email'],
    ['PATCH', 'text for a flag', { is_active: 'false' }, 'is_active'],
    ['PATCH', 'null for an address', { email: null }, 'email'],
    ['PATCH', 'an unknown field', { is_admin: true }, 'is_admin'],
    ['PATCH', 'a read-only field', { updated_at: '2026-01-01T00:00:00Z' }, 'updated_at'],
    ['PATCH', 'an address with two @', { email: 'a@b@example.com' }, 'email'],
  ]
  for (const [method, what, body, field] of refusedBodies) {
    it(`refuses ${what} in ${method} and names the field`, async () => {
      const path = method === 'POST' ? '/users/' : `/users/${superuser.id}/`
      const answer = await as(superuser)(method, path, body)
      assert.deepEqual([answer.status, answer.body.code], [400, 'invalid_request'])
      assert.deepEqual(Object.keys(answer.body.errors), [field])
    })
  }

  it('holds a sub-administrator below those who may more, by every method', async () => {
    const sub = as(await world.withPermissions('users:create', 'users:read', 'users:update', 'users:delete'))
    const chief = await world.withPermissions('roles:update')
    for (const target of [chief, superuser]) {
      const path = `/users/${target.id}/`
      assert.equal((await sub('PATCH', path, { is_active: false })).status, 403)
      assert.equal((await sub('PUT', path, { email: fresh(), roles: [] })).status, 403)
      assert.equal((await sub('DELETE', path)).status, 403)
      assert.equal((await sub('GET', path)).body.is_active, true)
    }
    const body = { email: fresh(), password, is_superuser: true }
    assert.equal((await sub('POST', '/users/', body)).status, 403)
    assert.equal((await sub('POST', '/users/', { ...body, is_superuser: false })).status, 201)
    const ordinary = await world.register()
    assert.equal((await sub('DELETE', `/users/${ordinary.id}/`)).status, 204)
  })

  it('takes effect on the next request of the one it is about', async () => {
    const second = await world.superuser()
    assert.equal((await as(second)('GET', '/users/')).status, 200)
    await as(superuser)('PATCH', `/users/${second.id}/`, { is_superuser: false })
    assert.equal((await as(second)('GET', '/users/')).status, 403)
    await as(superuser)('DELETE', `/users/${second.id}/`)
    assert.equal((await as(second)('GET', '/users/')).status, 401)
  })

  it('the pages of /users/ hold every user once, forwards and backwards', async () => {
    const admin = as(superuser)
    const whole = await admin('GET', '/users/?limit=200&ordering=-email')
    const seen: number[] = []
    let path: string | null = '/api/auth/users/?limit=3&ordering=-email'
    let last = path
    while (path !== null) {
      const { status, body } = await admin('GET', path)
      assert.equal(status, 200)
      seen.push(...body.results.map((user: { id: number }) => user.id))
      last = path
      path = body.next
    }
    assert.deepEqual(
      seen,
      whole.body.results.map((user: { id: number }) => user.id),
    )
    const { body } = await admin('GET', last)
    const back = await admin('GET', body.previous)
    assert.equal(back.body.results.length, 3)
  })

  it('filters by role and activity, searches, and refuses what it does not know', async () => {
    const admin = as(superuser)
    const holder = await world.withPermissions('users:read')
    const { roles } = (await admin('GET', `/users/${holder.id}/`)).body
    const held = await admin('GET', `/users/?role=${roles[0]}`)
    assert.deepEqual(
      held.body.results.map((user: { id: number; roles: string[] }) => [user.id, user.roles]),
      [[holder.id, roles]],
    )
    const found = await admin('GET', `/users/?search=${encodeURIComponent(holder.email.toUpperCase())}`)
    assert.deepEqual(
      found.body.results.map((user: { id: number }) => user.id),
      [holder.id],
    )
    for (const query of ['limit=0', 'limit=201', 'ordering=password', 'is_active=1', 'cursor=x', 'page=2']) {
      assert.equal((await admin('GET', `/users/?${query}`)).status, 400, query)
    }
  })
})
