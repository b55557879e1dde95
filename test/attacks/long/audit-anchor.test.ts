import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import { verifyAudit } from '../../../server/src/audit/index.ts'
import { anchorPathOf, auditSignerOf, findAuditFault } from '../../../server/src/node-audit.ts'
import { type EngineName, engines, freshDatabaseUrl } from '../../support/engines.ts'
import { tamper } from '../../support/tamper.ts'
import { unthrottled } from '../../support/throttle.ts'
import { type TestClock, testClock, testWorld, type World } from '../../support/world.ts'

const present = auditSignerOf(Buffer.alloc(32, 7))

const minutes = async (nodes: readonly World[], clock: TestClock, count: number) => {
  for (let minute = 0; minute < count; minute++) {
    for (const { server } of nodes) await server.housekeeping.look()
    clock.advance(60_000)
  }
}

/** What `audit verify` says: nothing when every sealed event is as it was. */
const faultsOf = async ({ core }: World): Promise<string[]> => {
  const { faults } = await verifyAudit({ chain: core.stores.chain, present })
  const known = await findAuditFault(core, present)
  return [...faults.map(({ fault }) => fault.kind), ...(known === undefined ? [] : [known])]
}

const readyAudit = async ({ inject }: World): Promise<string> => {
  const answer = await inject({ url: '/health/ready' })
  return JSON.parse(answer.payload).checks.audit
}

const alarms = ({ log }: World) =>
  log.map(line => JSON.parse(line)).filter(({ msg }) => msg.startsWith('the audit is not as it was sealed'))

/** Some minutes in which people have signed up, each with a seal of its own. */
async function linkedWorld(engine: EngineName, nodeCount = 1) {
  const clock = testClock()
  const databaseUrl = await freshDatabaseUrl(engine)
  const nodes: World[] = []
  for (let count = 0; count < nodeCount; count++) {
    nodes.push(await testWorld({ databaseUrl, clock, env: unthrottled }))
  }
  for (let round = 0; round < 4; round++) {
    await nodes[0]!.register()
    await minutes(nodes, clock, 2)
  }
  assert.equal((await nodes[0]!.core.stores.chain.newest())?.position, 4)
  assert.deepEqual(await faultsOf(nodes[0]!), [])
  assert.equal(await readyAudit(nodes[0]!), 'ok')
  return { clock, databaseUrl, nodes, world: nodes[0]! }
}

const rewrite = `update audit_events set details = '{"forged":true}' where id = 2`
const eventsOfThird = 'id > (select last_event_id from audit_seals where position = 2)'

/** What somebody who owns the database, and not the master key, does to it beside the running server. */
const forgeries: Readonly<Record<string, readonly string[]>> = {
  'an event rewritten and every seal removed': [rewrite, 'delete from audit_seals'],
  'an event removed and every seal removed': [
    'delete from audit_events where id = 2',
    'delete from audit_seals',
  ],
  'the newest seals removed, with their events rewritten': [
    `update audit_events set details = '{"forged":true}' where ${eventsOfThird}`,
    'delete from audit_seals where position >= 3',
  ],
  'the newest seals removed, with an event': [
    `delete from audit_events where id = (select max(id) from audit_events where ${eventsOfThird})`,
    'delete from audit_seals where position >= 3',
  ],
  'the newest seals and the newest events removed': [
    `delete from audit_events where ${eventsOfThird}`,
    'delete from audit_seals where position >= 3',
  ],
  'every seal removed, and the row that says how far they reach': [
    rewrite,
    'delete from audit_seals',
    'delete from audit_anchor',
  ],
  'every seal removed, and that row filled with something else': [
    rewrite,
    'delete from audit_seals',
    `update audit_anchor set checkpoint = '{}'`,
  ],
  'everything removed': ['delete from audit_seals', 'delete from audit_events', 'delete from audit_anchor'],
  'a seal put in the place of the newest': [
    'update audit_seals set event_count = event_count + 1 where position = 4',
  ],
}

for (const engine of engines) {
  describe(`a forgery beside the running server, on ${engine}`, () => {
    for (const [what, statements] of Object.entries(forgeries)) {
      it(`is never made whole by the server: ${what}`, async () => {
        const { clock, databaseUrl, world } = await linkedWorld(engine)
        await tamper(world.core.database, statements)
        for (let round = 0; round < 3; round++) {
          await minutes([world], clock, 2)
          assert.notDeepEqual(await faultsOf(world), [])
          assert.notEqual(await readyAudit(world), 'ok')
          await world.register()
        }
        assert.ok(alarms(world).length >= 5)
        assert.equal(alarms(world)[0].level, 'error')

        await world.close()
        const restarted = await testWorld({ databaseUrl, clock, env: unthrottled })
        assert.notEqual(await readyAudit(restarted), 'ok', 'known from the start on')
        await minutes([restarted], clock, 5)
        assert.notDeepEqual(await faultsOf(restarted), [])
        assert.ok(alarms(restarted).length > 0)
      })
    }
  })

  describe(`the place that knows the chain, on ${engine}`, () => {
    it('is made by the first start of this release on an audit from before it', async () => {
      const { clock, databaseUrl, world } = await linkedWorld(engine)
      await world.core.database.transaction(async trx => {
        await trx.deleteFrom('audit_anchor').execute()
        await trx.updateTable('signing_keys').set({ sequence: null, state: null }).execute()
      })
      await world.close()
      const next = await testWorld({ databaseUrl, clock, env: unthrottled })
      await next.register()
      await minutes([next], clock, 2)
      assert.deepEqual(await faultsOf(next), [])
      assert.equal((await next.core.stores.chain.newest())?.position, 5)
    })
  })

  describe(`events that nothing seals, on ${engine}`, () => {
    it('are a fault after ten minutes, which goes when they are sealed', async () => {
      const { clock, world } = await linkedWorld(engine)
      await world.server.introduce()
      await world.register()
      // Another node has the lease and does nothing: paused, or at odds with its disk.
      await world.core.database.transaction(trx =>
        trx
          .updateTable('leases')
          .set({ holder: randomUUID(), expires_at: clock.nowMs() + 3_600_000 })
          .where('name', '=', 'housekeeping')
          .execute(),
      )
      await minutes([world], clock, 9)
      assert.deepEqual(await faultsOf(world), [])
      assert.equal(await readyAudit(world), 'ok')
      await minutes([world], clock, 3)
      assert.match(await readyAudit(world), /^the events from \d+ on have not been sealed for 1\d minutes/)
      assert.match((await faultsOf(world)).join(), /have not been sealed/)

      clock.advance(3_600_000)
      await minutes([world], clock, 3)
      assert.equal(await readyAudit(world), 'ok')
      assert.deepEqual(await faultsOf(world), [])
    })
  })
}

describe('a node that does not seal', () => {
  it('knows how far the chain went, and says so when a node that was restarted has made it anew', async () => {
    const { clock, databaseUrl, nodes } = await linkedWorld('postgres', 2)
    const [linking, watching] = nodes as [World, World]
    // With everything in the database that knows it put back to the beginning, as from a copy of that time.
    await linking.close()
    await tamper(watching.core.database, [rewrite, 'delete from audit_seals', 'delete from audit_anchor'])
    await watching.core.database.transaction(trx =>
      trx.updateTable('signing_keys').set({ sequence: null, state: null }).execute(),
    )
    const restarted = await testWorld({ databaseUrl, clock, env: unthrottled })
    await minutes([restarted, watching], clock, 4)
    assert.match(await readyAudit(watching), /this node remembers/)
    assert.ok(alarms(watching).length > 0)
  })
})

describe('the file beside a SQLite database', () => {
  it('knows the chain after a restart though every place in the database was put back', async () => {
    const { clock, databaseUrl, world } = await linkedWorld('sqlite')
    await world.close()
    const path = databaseUrl.slice('sqlite:'.length)
    const file = new DatabaseSync(path)
    for (const { name } of file
      .prepare("select name from sqlite_schema where type = 'trigger' and tbl_name like 'audit_%'")
      .all())
      file.exec(`drop trigger ${name}`)
    file.exec(`${rewrite}; delete from audit_seals; delete from audit_anchor;
      update signing_keys set sequence = null, state = null`)
    file.close()

    const restarted = await testWorld({ databaseUrl, clock, env: unthrottled })
    await minutes([restarted], clock, 4)
    assert.match(await readyAudit(restarted), /the file beside the database holds seal 4/)
    assert.match((await faultsOf(restarted)).join(), /the file beside the database holds seal 4/)
    assert.equal(await restarted.core.stores.chain.newest(), undefined)
  })

  it('is no word about a new database in the same place', async () => {
    const databaseUrl = await freshDatabaseUrl('sqlite')
    writeFileSync(anchorPathOf(databaseUrl)!, 'of an earlier one')
    const clock = testClock()
    const world = await testWorld({ databaseUrl, clock })
    await minutes([world], clock, 3)
    assert.equal(await readyAudit(world), 'ok')
    assert.equal(JSON.parse(readFileSync(anchorPathOf(databaseUrl)!, 'utf8')).position, 1)
  })
})
