import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { freshDatabaseUrl } from '../support/engines.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'
import { testWorld } from '../support/world.ts'

/** Far less than a statement may take (6 s), far more than the bound of the gate (1 s). */
const wellBeforeTheStatementMs = 4_000

describe('a database that stops answering in the middle of a call', async () => {
  const url = new URL(await freshDatabaseUrl('postgres'))
  const proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) })
  after(() => proxy.close())
  url.hostname = '127.0.0.1'
  url.port = String(proxy.port)
  const world = await testWorld({ engine: 'postgres', databaseUrl: url.href })
  const { access: token, email, password } = await world.register()

  it('calls get 503 as soon as the gate is stale, not when the statement times out', async () => {
    proxy.stall()
    const calls = ['/me/', '/me/sessions/'].map(path => world.call('GET', path, { token }))
    const answers = await Promise.race([Promise.all(calls), sleep(wellBeforeTheStatementMs, undefined)])
    proxy.heal()
    assert.ok(answers !== undefined, 'still waiting for the database')
    for (const { status, body, headers } of answers) {
      assert.deepEqual([status, body.code, headers['retry-after']], [503, 'unavailable', '1'])
    }
  })

  it('serves them again by itself when the database answers', async () => {
    let status = 0
    for (let tries = 0; tries < 300 && status !== 200; tries++) {
      status = (await world.call('GET', '/me/', { token })).status
      if (status !== 200) await sleep(200)
    }
    assert.equal(status, 200)
    await world.login({ email, password })
  })
})
