import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { engines } from '../support/engines.ts'
import { goodPassword, testWorld } from '../support/world.ts'

for (const engine of engines) {
  describe(`the first evening, on ${engine}`, () => {
    test('a person registers, reads what the role permits, refreshes, and is out the moment the account is deactivated', async () => {
      const world = await testWorld({ engine })
      const administrator = await world.superuser()
      const person = await world.register('Anna.Petrova@Example.com ')
      assert.equal(person.email, 'anna.petrova@example.com')

      const me = await world.call('GET', '/me/', { token: person.access })
      assert.equal(me.status, 200)
      assert.deepEqual(me.body.permissions, [])

      // Without a role nothing is permitted; the rejection names what is missing.
      const refused = await world.call('GET', '/api/demo/documents/', { token: person.access })
      assert.equal(refused.status, 403)
      assert.match(refused.body.detail, /documents:read/)

      for (const code of ['documents', 'projects']) {
        const made = await world.call('POST', '/resources/', {
          token: administrator.access,
          body: { name: code, code_name: code },
        })
        assert.equal(made.status, 201, made.text)
      }
      const role = await world.call('POST', '/roles/', {
        token: administrator.access,
        body: { name: 'Readers', code_name: 'reader', permissions: ['documents:read'] },
      })
      assert.equal(role.status, 201, role.text)
      const given = await world.call('PATCH', `/users/${person.id}/`, {
        token: administrator.access,
        body: { roles: ['reader'] },
      })
      assert.equal(given.status, 200, given.text)

      // The same access token as before: a change of roles is obeyed by the next request.
      const list = await world.call('GET', '/api/demo/documents/', { token: person.access })
      assert.equal(list.status, 200, list.text)
      const id = list.body.results[0].id
      assert.equal(
        (await world.call('DELETE', `/api/demo/documents/${id}/`, { token: person.access })).status,
        403,
      )

      const refreshed = await world.call('POST', '/token/refresh/', { body: { refresh: person.refresh } })
      assert.equal(refreshed.status, 200, refreshed.text)
      const fresh = refreshed.body.access

      const closed = await world.call('PATCH', `/users/${person.id}/`, {
        token: administrator.access,
        body: { is_active: false },
      })
      assert.equal(closed.status, 200, closed.text)
      for (const token of [person.access, fresh]) {
        const answer = await world.call('GET', '/me/', { token })
        assert.equal(answer.status, 401)
        assert.equal(answer.body.code, 'invalid_token')
      }
      const again = await world.call('POST', '/token/refresh/', { body: { refresh: refreshed.body.refresh } })
      assert.equal(again.body.code, 'invalid_refresh_token')
      const login = await world.call('POST', '/login/', {
        body: { email: person.email, password: goodPassword },
      })
      assert.equal(login.body.code, 'invalid_credentials')
    })
  })
}
