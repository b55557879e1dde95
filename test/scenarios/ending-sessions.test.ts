import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { engines } from '../support/engines.ts'
import { type Account, goodPassword, testWorld, type World } from '../support/world.ts'

/** What every view of a session says: the profile, the session list, the refresh, the gate. */
async function views(world: World, { access, refresh }: Account) {
  const [profile, list, check] = await Promise.all([
    world.call('GET', '/me/', { token: access }),
    world.call('GET', '/me/sessions/', { token: access }),
    world.call('POST', '/access/check/', {
      token: access,
      body: { checks: [{ resource: 'users', action: 'read' }] },
    }),
  ])
  const renewal = await world.call('POST', '/token/refresh/', { body: { refresh } })
  return [profile.status, list.status, check.status, renewal.status]
}

const dead = [401, 401, 401, 401]
const alive = [200, 200, 200, 200]

for (const engine of engines) {
  describe(`ending sessions, on ${engine}`, async () => {
    const world = await testWorld({ engine })
    const administrator = await world.superuser()

    /** Two devices of one person. */
    const devices = async () => {
      const phone = await world.register()
      return { phone, laptop: await world.login(phone) }
    }

    test('logout ends this session and no other', async () => {
      const { phone, laptop } = await devices()
      assert.equal((await world.call('POST', '/logout/', { token: phone.access })).status, 204)
      assert.deepEqual(await views(world, phone), dead)
      assert.deepEqual(await views(world, laptop), alive)
    })

    test('revoking a refresh token ends its session, with no access token needed', async () => {
      const { phone, laptop } = await devices()
      const answer = await world.call('POST', '/token/revoke/', { body: { refresh: phone.refresh } })
      assert.equal(answer.status, 204)
      assert.deepEqual(await views(world, phone), dead)
      assert.deepEqual(await views(world, laptop), alive)
    })

    test('revoking what is no living refresh token says nothing and changes nothing', async () => {
      const { phone } = await devices()
      for (const refresh of ['x', phone.access, phone.refresh.slice(0, -2)]) {
        assert.equal((await world.call('POST', '/token/revoke/', { body: { refresh } })).status, 204)
      }
      assert.deepEqual(await views(world, phone), alive)
    })

    test('revoke_all ends every session of the caller and counts them', async () => {
      const { phone, laptop } = await devices()
      const answer = await world.call('POST', '/token/revoke_all/', { token: laptop.access })
      assert.deepEqual([answer.status, answer.body], [200, { revoked: 2 }])
      assert.deepEqual(await views(world, phone), dead)
      assert.deepEqual(await views(world, laptop), dead)
      const next = await world.login(phone)
      assert.deepEqual(await views(world, next), alive, 'signing in again at once works')
    })

    test('an administrator logs another user out', async () => {
      const { phone, laptop } = await devices()
      const path = `/token/revoke_all/${phone.id}/`
      assert.equal((await world.call('POST', path, { token: laptop.access })).status, 403)
      assert.deepEqual((await world.call('POST', path, { token: administrator.access })).body, { revoked: 2 })
      assert.deepEqual(await views(world, phone), dead)
      assert.deepEqual(await views(world, laptop), dead)
      const nobody = await world.call('POST', '/token/revoke_all/999999/', { token: administrator.access })
      assert.equal(nobody.status, 404)
    })

    test('deactivation ends every session, and reactivation brings nothing back', async () => {
      const { phone, laptop } = await devices()
      const patch = (is_active: boolean) =>
        world.call('PATCH', `/users/${phone.id}/`, { token: administrator.access, body: { is_active } })
      assert.equal((await patch(false)).status, 200)
      assert.deepEqual(await views(world, phone), dead)
      assert.equal((await patch(true)).status, 200)
      assert.deepEqual(await views(world, phone), dead)
      assert.deepEqual(await views(world, laptop), dead)
      assert.deepEqual(await views(world, await world.login(phone)), alive)
    })

    test('closing the own account ends every session and keeps the address taken', async () => {
      const { phone, laptop } = await devices()
      assert.equal((await world.call('DELETE', '/me/', { token: laptop.access })).status, 204)
      assert.deepEqual(await views(world, phone), dead)
      assert.deepEqual(await views(world, laptop), dead)
      const body = { email: phone.email, password: goodPassword, password2: goodPassword }
      const again = await world.call('POST', '/register/', { body })
      assert.equal(again.status, 409)
      assert.ok(again.body.errors.email)
    })

    test('a change of password ends every other session, and this one goes on', async () => {
      const { phone, laptop } = await devices()
      const password = 'another horse, another battery'
      const change = (current_password: string) =>
        world.call('POST', '/me/password/', {
          token: laptop.access,
          body: { current_password, password, password2: password },
        })
      const wrong = await change('not the current one')
      assert.equal(wrong.status, 400)
      assert.ok(wrong.body.errors.current_password)
      assert.equal((await change(goodPassword)).status, 204)
      assert.deepEqual(await views(world, phone), dead)
      assert.deepEqual(await views(world, laptop), alive)
      const old = await world.call('POST', '/login/', {
        body: { email: phone.email, password: goodPassword },
      })
      assert.equal(old.status, 401)
      assert.deepEqual(await views(world, await world.login({ ...phone, password })), alive)
    })

    test('a user can end their own sessions, and none of others', async () => {
      const { phone, laptop } = await devices()
      const stranger = await world.register()
      const list = await world.call('GET', '/me/get_sessions/', { token: laptop.access })
      const other = list.body.find((session: { is_current: boolean }) => !session.is_current)
      const path = `/me/sessions/${other.id}/`
      assert.equal((await world.call('DELETE', path, { token: stranger.access })).status, 404)
      assert.deepEqual((await views(world, phone)).slice(0, 3), [200, 200, 200])
      assert.equal((await world.call('DELETE', path, { token: laptop.access })).status, 204)
      assert.deepEqual((await views(world, phone)).slice(0, 3), [401, 401, 401])
    })

    test('an administrator ends one session by PATCH and by DELETE', async () => {
      const { phone, laptop } = await devices()
      const list = await world.call('GET', `/sessions/?user_id=${phone.id}&is_active=true`, {
        token: administrator.access,
      })
      const [first, second] = list.body.results
      const patched = await world.call('PATCH', `/sessions/${first.id}/`, {
        token: administrator.access,
        body: { is_active: false },
      })
      assert.deepEqual([patched.status, patched.body.is_active], [200, false])
      assert.equal(
        (await world.call('DELETE', `/session/${second.id}/`, { token: administrator.access })).status,
        204,
      )
      assert.deepEqual(await views(world, phone), dead)
      assert.deepEqual(await views(world, laptop), dead)
    })
  })
}

describe('two nodes on one database', () => {
  for (const engine of engines) {
    test(`what ends on one is refused by the other within a second, on ${engine}`, async () => {
      const one = await testWorld({ engine })
      const two = await testWorld({ engine, databaseUrl: one.core.config.databaseUrl, clock: one.clock })
      const person = await one.register()
      assert.equal((await two.call('GET', '/me/', { token: person.access })).status, 200)
      assert.equal((await one.call('POST', '/logout/', { token: person.access })).status, 204)
      const deadline = performance.now() + 1_000
      for (let status = 0; status !== 401; ) {
        const askedAt = performance.now()
        status = (await two.call('GET', '/me/', { token: person.access })).status
        // By when it was asked: a busy machine may answer late. A node that cannot know answers 503.
        assert.ok([401, 503].includes(status) || askedAt < deadline, `answered ${status}`)
        await new Promise(resolve => setTimeout(resolve, 20))
      }
    })
  }
})
