import assert from 'node:assert/strict'
import { describe, it, test } from 'node:test'
import { goodPassword, testWorld } from '../../../test/support/world.ts'

describe('POST /register/', async () => {
  const world = await testWorld()
  const composed = 'caf\u00e9 seven quiet lamps'
  const decomposed = composed.normalize('NFD')

  it('takes a password repeated in another form of Unicode: it is the same password', async () => {
    const body = { email: 'forms@example.com', password: composed, password2: decomposed }
    assert.equal((await world.call('POST', '/register/', { body })).status, 201)
    await world.login({ email: body.email, password: decomposed })
  })

  it('refuses a repetition that differs in case or by a space', async () => {
    for (const password2 of [composed.toUpperCase(), `${composed} `]) {
      const body = { email: 'differs@example.com', password: composed, password2 }
      const answer = await world.call('POST', '/register/', { body })
      assert.deepEqual([answer.status, Object.keys(answer.body.errors)], [400, ['password2']])
    }
  })
})

describe('POST /register/ when registration is closed', async () => {
  const world = await testWorld({ env: { PROPUSK_REGISTRATION: 'closed' } })
  const account = { email: 'nobody@example.com', password: goodPassword, password2: goodPassword }

  for (const [title, options] of [
    ['a request that fits', { body: account }],
    ['an empty body', { body: {} }],
    ['a body that is no JSON', { body: '{' }],
    ['another content type', { headers: { 'content-type': 'text/plain' }, body: 'x' }],
  ] as const) {
    it(`answers ${title} with 403 and makes no account`, async () => {
      const { status, body } = await world.call('POST', '/register/', options)
      assert.deepEqual([status, body.code, body.errors], [403, 'registration_closed', undefined])
      assert.equal(await world.core.stores.users.findByEmail(account.email), undefined)
    })
  }
})

test('a sign-in page can say how long a new password must be', async () => {
  const world = await testWorld({ env: { PROPUSK_PASSWORD_MIN_LENGTH: '12' } })
  assert.equal((await world.call('GET', '/sign_in/options/')).body.password_min_length, 12)
})
