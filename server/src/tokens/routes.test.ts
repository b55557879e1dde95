import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { testWorld } from '../../../test/support/world.ts'

describe('POST /token/revoke/', async () => {
  const world = await testWorld()
  const anna = await world.register()

  for (const [title, refresh] of [
    ['nothing', ''],
    ['a word', 'x'],
    ['an access token', anna.access],
    ['a refresh token cut short', anna.refresh.slice(0, -1)],
    ['more text than any token has', 'x'.repeat(60_000)],
  ] as const) {
    it(`answers ${title} as it answers a token, and ends no session`, async () => {
      const answer = await world.call('POST', '/token/revoke/', { body: { refresh } })
      assert.deepEqual([answer.status, answer.text], [204, ''])
      assert.equal((await world.call('GET', '/me/', { token: anna.access })).status, 200)
    })
  }

  it('refuses a body without the field, or with another type in it', async () => {
    for (const body of [{}, { refresh: null }, { refresh: 1 }, { refresh: 'x', token: 'x' }])
      assert.equal((await world.call('POST', '/token/revoke/', { body })).status, 400)
  })
})
