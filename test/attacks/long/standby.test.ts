import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startPostgres } from '../../support/postgres-cluster.ts'
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts'
import { rowsOf } from '../../support/with-client.ts'
import { type Account, testWorld, type World } from '../../support/world.ts'

const targetOf = (url: string) => ({ host: '127.0.0.1', port: Number(new URL(url).port) })

function through(url: string, { port }: TcpProxy): string {
  const led = new URL(url)
  led.port = String(port)
  return led.href
}

const statusOf = async (world: World, { access }: Pick<Account, 'access'>) =>
  (await world.call('GET', '/me/', { token: access })).status

async function untilStatus(world: World, account: Account, wanted: number): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if ((await statusOf(world, account)) === wanted) return
    await sleep(100)
  }
  assert.equal(await statusOf(world, account), wanted)
}

describe('a node that is led to a standby', async () => {
  // Durable: what was answered is in the log, so it is no chance which log-outs the standby has.
  const primary = await startPostgres({ durable: true })
  const one = await testWorld({ engine: 'postgres', databaseUrl: primary.url })
  const proxy = await startTcpProxy(targetOf(primary.url))
  const two = await testWorld({ engine: 'postgres', databaseUrl: through(primary.url, proxy) })
  const [leaver, stayer] = [await one.register(), await one.register()]
  let standby = await primary.standby({ recovery_min_apply_delay: '60s' })
  after(async () => {
    await Promise.all([one.close(), two.close()])
    await proxy.close()
    await standby.stop()
    await primary.stop()
  })

  it('a node that is led to a standby accepts no token by stale data, is not ready, and recovers by itself', async () => {
    for (const account of [leaver, stayer]) await untilStatus(two, account, 200)

    proxy.lead(targetOf(standby.url))
    assert.equal((await one.call('POST', '/logout/', { token: leaver.access })).status, 204)
    await sleep(1_200)
    for (const account of [leaver, stayer]) assert.equal(await statusOf(two, account), 503)
    assert.equal((await two.inject({ method: 'GET', url: '/health/ready' })).statusCode, 503)
    assert.match(two.log.join(''), /PostgreSQL is a standby, which lags behind/)

    proxy.lead(targetOf(primary.url))
    await untilStatus(two, stayer, 200)
    assert.equal(await statusOf(two, leaver), 401)
  })

  it('is as one that was started on it, once the standby is the primary and what the old one had alone is lost', async () => {
    const [lost, kept] = [await one.register(), await one.register()]
    await standby.stop()
    standby = await primary.standby()
    for (const account of [lost, kept]) await untilStatus(two, account, 200)
    assert.equal((await one.call('POST', '/logout/', { token: kept.access })).status, 204)
    // From here on the standby hears nothing more: the next log-out is lost with the old primary.
    await standby.freeze(primary.url)
    assert.equal((await one.call('POST', '/logout/', { token: lost.access })).status, 204)
    await untilStatus(two, lost, 401)
    await rowsOf(primary.url, `select pg_terminate_backend(pid) from pg_stat_replication`)
    await one.close()
    await primary.stop()
    await standby.promote()
    proxy.lead(targetOf(standby.url))

    const fresh = await testWorld({ engine: 'postgres', databaseUrl: standby.url })
    await untilStatus(two, lost, await statusOf(fresh, lost))
    assert.equal(await statusOf(two, kept), 401)
    assert.equal(await statusOf(fresh, kept), 401)
    // And follows it from there on.
    const next = await fresh.register()
    await untilStatus(two, next, 200)
    assert.equal((await fresh.call('POST', '/logout/', { token: next.access })).status, 204)
    await untilStatus(two, next, 401)
    await fresh.close()
  })
})
