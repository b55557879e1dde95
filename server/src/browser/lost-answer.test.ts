import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browserHeaders } from '../../../test/support/sample-requests.ts'
import { enrolTotp } from '../../../test/support/totp.ts'
import { testWorld } from '../../../test/support/world.ts'

/** Longer than a token that was exchanged may come again without its key. */
const nightMs = 8 * 3_600_000

describe('POST /browser/step_up/ whose answer, and with it the next cookie, was lost', async () => {
  const world = await testWorld()
  const key = 'a key of sixteen characters'
  const post = (path: string, cookie: string, body: object, sent?: string) =>
    world.call('POST', path, {
      body,
      headers: { ...browserHeaders(cookie), ...(sent && { 'idempotency-key': sent }) },
    })

  for (const [what, code, status] of [
    ['right', undefined, 200],
    ['wrong', '000000', 400],
  ] as const) {
    it(`goes on by its key after a night, where the proof was ${what}`, async () => {
      const person = await world.register()
      const app = await enrolTotp(world, person)
      const lost = await post('/browser/step_up/', person.refresh, { totp: code ?? app.next() }, key)
      assert.equal(lost.status, status, lost.text)
      world.clock.advance(nightMs)
      const again = await post('/browser/refresh/', person.refresh, {}, key)
      assert.equal(again.status, 200, again.text)
    })
  }

  it('ends the session without the key: that is a stolen cookie', async () => {
    const person = await world.register()
    const lost = await post('/browser/step_up/', person.refresh, { password: person.password }, key)
    assert.equal(lost.status, 200, lost.text)
    world.clock.advance(nightMs)
    assert.equal((await post('/browser/refresh/', person.refresh, {})).status, 401)
    const token = lost.body.access
    assert.equal((await world.call('GET', '/me/', { token })).status, 401)
  })
})
