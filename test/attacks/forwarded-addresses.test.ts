import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { stoppedClock } from '../support/stopped-clock.ts'
import { testWorld } from '../support/world.ts'

/** A sign-in that fails, from where a proxy says that it comes. */
async function attackerOn(env: Record<string, string>) {
  const world = await testWorld({ clock: stoppedClock(), env: { PROPUSK_TRUST_PROXY: '127.0.0.1', ...env } })
  const attempt = async (forwarded: string, email: string) => {
    const body = { email, password: 'a wrong password' }
    const headers = { 'x-forwarded-for': forwarded }
    return (await world.call('POST', '/login/', { body, headers })).status
  }
  return { world, attempt: attempt }
}

describe('behind a proxy that writes ports', async () => {
  const { world, attempt } = await attackerOn({ PROPUSK_GUESSES_PER_ADDRESS: '3' })

  it('each client behind the proxy has an address of its own, whatever its port: an attacker makes no other wait', async () => {
    for (const [attacker, neighbour] of [
      ['203.0.113.7', '203.0.113.8'],
      ['[2001:db8::1]', '[2001:db8:0:1::1]'],
    ] as const) {
      const email = (tries: number) => `${attacker.length}-${tries}@example.com`
      for (let tries = 0; tries < 4; tries++) {
        assert.equal(await attempt(`${attacker}:${50_000 + tries}`, email(tries)), 401)
      }
      assert.equal(await attempt(`${attacker}:60000`, email(5)), 429)
      assert.equal(await attempt(`${neighbour}:50000`, email(6)), 401)
    }
  })

  it('the address stands in the session without its port', async () => {
    const { email, password } = await world.register()
    const answer = await world.call('POST', '/login/', {
      body: { email, password },
      headers: { 'x-forwarded-for': '[2001:DB8:9::9]:443' },
    })
    const { body } = await world.call('GET', '/me/sessions/', { token: answer.body.access })
    assert.ok(body.some((session: { ip_address: string }) => session.ip_address === '2001:db8:9::9'))
  })
})

describe('behind a proxy that writes what is no address', async () => {
  const { world, attempt } = await attackerOn({})

  it('the proxy’s own address counts, and the log says so once', async () => {
    for (const forwarded of ['unknown', '_hidden, unknown', 'for=203.0.113.7']) {
      assert.equal(await attempt(forwarded, 'a@example.com'), 401)
    }
    const warned = world.log.map(line => JSON.parse(line)).filter(line => 'proxy' in line)
    assert.deepEqual(
      warned.map(({ level, entry, proxy }) => ({ level, entry, proxy })),
      [{ level: 'warn', entry: 'unknown', proxy: '127.0.0.1' }],
    )
  })
})
