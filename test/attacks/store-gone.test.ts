import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../support/engines.ts'
import { testWorld } from '../support/world.ts'

for (const engine of engines) {
  describe(`a store that has gone away, on ${engine}`, async () => {
    const world = await testWorld({ engine })

    it('without its store the server acknowledges nothing and signs no user in', async () => {
      const { email, password, access: token, refresh } = await world.register()
      await world.core.database.close()
      const passwords = { password: 'seven quiet lamps at noon', password2: 'seven quiet lamps at noon' }
      const calls = [
        ['POST', '/login/', { body: { email, password } }],
        ['POST', '/register/', { body: { email: 'new@example.com', ...passwords } }],
        ['POST', '/token/refresh/', { body: { refresh } }],
        ['POST', '/token/revoke/', { body: { refresh } }],
        ['POST', '/logout/', { token }],
        ['POST', '/token/revoke_all/', { token }],
        ['PATCH', '/me/', { token, body: { first_name: 'A' } }],
        ['POST', '/me/password/', { token, body: { current_password: password, ...passwords } }],
        ['DELETE', '/me/', { token }],
        ['GET', '/me/', { token }],
        ['GET', '/me/sessions/', { token }],
      ] as const
      for (const [method, path, options] of calls) {
        const answer = await world.call(method, path, options)
        assert.equal(answer.status, 503, `${method} ${path}: ${answer.text}`)
        assert.equal(answer.body.code, 'unavailable')
        assert.ok(answer.headers['retry-after'])
        assert.doesNotMatch(answer.text, /closed|pool|sqlite|postgres|stack/i)
      }
      world.clock.advance(1_500)
      const body = { checks: [{ resource: 'users', action: 'read' }] }
      assert.equal((await world.call('POST', '/access/check/', { token, body })).status, 503)
    })
  })
}
