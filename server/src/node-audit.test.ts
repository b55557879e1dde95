import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { freshDatabaseUrl } from '../../test/support/engines.ts'
import { testClock, testWorld, type World } from '../../test/support/world.ts'
import { verifyAudit } from './audit/index.ts'
import { auditSignerOf } from './node-audit.ts'

const linksLogged = ({ log }: World) =>
  log.map(line => JSON.parse(line)).filter(({ msg }) => msg === 'the audit is sealed so far')

const present = auditSignerOf(Buffer.alloc(32, 7))

describe('a server', async () => {
  const databaseUrl = await freshDatabaseUrl('sqlite')
  const clock = testClock()
  const world = await testWorld({ databaseUrl, clock })
  const { chain } = world.core.stores

  const minutes = async (node: World, count: number) => {
    for (let minute = 0; minute < count; minute++) {
      await node.server.housekeeping.look()
      clock.advance(60_000)
    }
  }

  it('seals an event in the second minute after it, with a key that is derived from the master key', async () => {
    await world.register()
    await minutes(world, 1)
    assert.equal(await chain.newest(), undefined)
    await minutes(world, 1)
    assert.equal((await chain.newest())?.position, 1)
    const report = await verifyAudit({ chain, present })
    assert.deepEqual([report.faults, report.unlinkedCount], [[], 0])
  })

  it('the server logs each newest seal of the audit, so that the log can keep it elsewhere', async () => {
    const first = (await chain.newest())!
    assert.deepEqual(
      linksLogged(world).map(({ level, position, hash }) => ({ level, position, hash })),
      [{ level: 'info', position: 1, hash: first.hash }],
    )
    for (let round = 0; round < 3; round++) {
      await world.register()
      await minutes(world, 2)
    }
    assert.deepEqual(
      linksLogged(world).map(({ position }) => position),
      [1, 2, 3, 4],
    )
    await minutes(world, 2)
    assert.equal(linksLogged(world).length, 4)
  })

  it('goes on with the chain where the one before it has stopped', async () => {
    await world.close()
    const next = await testWorld({ databaseUrl, clock })
    await next.register()
    await minutes(next, 2)
    assert.equal((await next.core.stores.chain.newest())?.position, 5)
    const report = await verifyAudit({ chain: next.core.stores.chain, present })
    assert.deepEqual([report.faults, report.unlinkedCount], [[], 0])
  })
})
