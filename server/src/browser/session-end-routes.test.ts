import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { browserHeaders } from '../../../test/support/sample-requests.ts'
import { type Answer, testWorld } from '../../../test/support/world.ts'

const minuteMs = 60_000

const cookieOf = ({ headers }: Answer) => /__Host-propusk=([^;]*)/.exec(String(headers['set-cookie']))?.[1]

for (const engine of engines) {
  describe(`when the session of a cookie ends, on ${engine}`, async () => {
    const world = await testWorld({
      engine,
      env: { PROPUSK_SESSION_IDLE: '30m', PROPUSK_SESSION_TTL: '4h' },
    })
    const { clock } = world
    const ask = (path: string, cookie: string | undefined, body = {}) =>
      world.call('POST', `/browser${path}`, { body, headers: browserHeaders(cookie) })
    const signIn = async (remember: boolean) => {
      const { email, password } = await world.register()
      return await ask('/login/', undefined, { email, password, remember } as never)
    }

    it('is told by a sign-in and by each refresh, which is a use', async () => {
      const signedIn = await signIn(false)
      const { session } = signedIn.body
      assert.deepEqual([session.idle_seconds, Math.round(session.expires_in)], [1800, 1800])
      assert.ok(Math.abs(Date.parse(session.expires_at) - clock.nowMs() - 30 * minuteMs) < 5_000)
      clock.advance(20 * minuteMs)
      const refreshed = await ask('/refresh/', cookieOf(signedIn))
      assert.equal(Math.round(refreshed.body.session.expires_in), 1800)
    })

    it('is told whole where its owner asked to be remembered', async () => {
      const { session } = (await signIn(true)).body
      assert.deepEqual([session.idle_seconds, Math.round(session.expires_in)], [null, 4 * 3600])
    })

    it('a question about its end is no use of it, and leaves the cookie', async () => {
      const signedIn = await signIn(false)
      clock.advance(20 * minuteMs)
      const asked = await ask('/session/', cookieOf(signedIn))
      assert.deepEqual([asked.status, asked.headers['set-cookie']], [200, undefined])
      assert.equal(Math.round(asked.body.expires_in / 60), 10)
      clock.advance(10 * minuteMs)
      const over = await ask('/session/', cookieOf(signedIn))
      assert.deepEqual(
        [over.status, over.body.code, cookieOf(over)],
        [401, 'invalid_refresh_token', undefined],
      )
    })
  })
}

describe('POST /browser/session/', async () => {
  const world = await testWorld()

  it('without a cookie that can be used is refused', async () => {
    for (const cookie of [undefined, 'not.a.token']) {
      const headers = browserHeaders(cookie)
      const { status, body } = await world.call('POST', '/browser/session/', { body: {}, headers })
      assert.deepEqual([status, body.code], [401, 'invalid_refresh_token'])
    }
  })
})
