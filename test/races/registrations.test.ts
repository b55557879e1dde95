import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../support/engines.ts'
import { goodPassword, testWorld } from '../support/world.ts'
import { tally } from './tally.ts'

/** The same address to us, in many spellings to whoever compares bytes. */
const spelling = (address: string, index: number) =>
  [...address].map((letter, at) => ((index >> (at % 7)) & 1 ? letter.toUpperCase() : letter)).join('')

for (const engine of engines) {
  describe(`registration, on ${engine}`, async () => {
    const world = await testWorld({ engine })

    it('makes one account of a hundred parallel registrations of one address', async () => {
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, index) => {
          const email = ` ${spelling('crowd@example.com', index)} `
          const body = { email, password: goodPassword, password2: goodPassword }
          return world.call('POST', '/register/', { body })
        }),
      )
      const { 201: made, 409: taken = 0, 503: late = 0, ...others } = tally(answers)
      // On a busy machine some wait too long for a connection.
      assert.deepEqual([made, taken + late, others], [1, 99, {}])
      assert.ok(taken > late)
      for (const answer of answers.filter(({ status }) => status === 409)) assert.ok(answer.body.errors.email)

      const { read } = world.core.database
      const users = await read.selectFrom('users').select(['id', 'email']).execute()
      assert.deepEqual(
        users.map(user => user.email),
        ['crowd@example.com'],
      )
      assert.equal((await read.selectFrom('sessions').select('id').execute()).length, 1)
      assert.equal((await read.selectFrom('refresh_tokens').select('jti').execute()).length, 1)
      const { access } = answers.find(({ status }) => status === 201)!.body
      assert.equal((await world.call('GET', '/me/', { token: access })).body.id, users[0]!.id)
    })

    it('and an administrator who makes the same account get one between them', async () => {
      const { access } = await world.superuser()
      const email = 'both@example.com'
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          index % 2 === 0
            ? world.call('POST', '/register/', {
                body: { email, password: goodPassword, password2: goodPassword },
              })
            : world.call('POST', '/users/', { token: access, body: { email, password: goodPassword } }),
        ),
      )
      assert.deepEqual(tally(answers), { 201: 1, 409: 19 })
    })
  })
}
