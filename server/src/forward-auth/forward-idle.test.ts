import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { cookieEnv, forwardCookieOf } from '../../../test/forward-auth/support/forward-cookie.ts'
import { startProtected } from '../../../test/forward-auth/support/protected-world.ts'
import { rawGet } from '../../../test/forward-auth/support/raw-request.ts'

describe('a session that may end when it is idle, at a proxy that asks', async () => {
  const { world, port, make } = await startProtected({ ...cookieEnv, PROPUSK_SESSION_IDLE: '40m' })
  await make('/forward_rules/', { host: 'wiki.example.org', path: '/*', access: 'signed_in' })
  const pass = async (cookie: string) =>
    (
      await rawGet(port, '/api/auth/access/forward/?proxy=caddy', {
        host: 'wiki.example.org',
        headers: [
          'X-Forwarded-Uri: /',
          'X-Forwarded-Method: GET',
          'X-Forwarded-Host: wiki.example.org',
          `Cookie: ${cookie}`,
        ],
      })
    ).status

  it('is used by each request that the cookie lets pass, and ends with the last', async () => {
    const cookie = await forwardCookieOf(world, await world.register())
    for (let request = 0; request < 6; request++) {
      world.clock.advance(15 * 60_000)
      assert.equal(await pass(cookie), 200)
    }
    world.clock.advance(40 * 60_000)
    assert.equal(await pass(cookie), 401)
  })
})
