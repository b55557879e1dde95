import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  AuditSigner,
  cutAudit,
  readCheckpoint,
  verifyAudit,
  writeCheckpoint,
} from '../../../server/src/audit/index.ts'
import { eraseUser } from '../../../server/src/identity/index.ts'
import type { UserId } from '../../../server/src/kernel/index.ts'
import { auditSignerOf, findAuditFault } from '../../../server/src/node-audit.ts'
import { type EngineName, engines, freshDatabaseUrl } from '../../support/engines.ts'
import { runStatements, tamper } from '../../support/tamper.ts'
import { unthrottled } from '../../support/throttle.ts'
import { type TestClock, testClock, testWorld, type World } from '../../support/world.ts'

const present = auditSignerOf(Buffer.alloc(32, 7))
const dayMs = 24 * 3_600_000
const week = { ...unthrottled, PROPUSK_KEEP_AUDIT: '7d' }

const minutes = async ({ server }: World, clock: TestClock, count: number) => {
  for (let minute = 0; minute < count; minute++) {
    await server.housekeeping.look()
    clock.advance(60_000)
  }
}

const verify = ({ core }: World) => verifyAudit({ chain: core.stores.chain, present })

/** What `audit verify` says of the events, and what it and `doctor` say of what is around them. */
const faultsOf = async (world: World) => ({
  chain: (await verify(world)).faults.map(({ link, fault }) => `${link.position} ${fault.kind}`),
  around: await findAuditFault(world.core, present),
})
const none = { chain: [], around: undefined }

const readyAudit = async ({ inject }: World): Promise<string> =>
  JSON.parse((await inject({ url: '/health/ready' })).payload).checks.audit

const eventIds = async ({ core }: World) =>
  (await core.database.read.selectFrom('audit_events').select('id').orderBy('id').execute()).map(
    ({ id }) => id,
  )

const cutsOf = ({ core }: World) =>
  core.database.read.selectFrom('audit_cuts').selectAll().orderBy('through_event_id').execute()

/** Four minutes in which people have signed up, each with a seal of its own, nine days ago. */
async function nineDaysOld(engine: EngineName, env: Record<string, string> = week) {
  const clock = testClock()
  const databaseUrl = await freshDatabaseUrl(engine)
  const world = await testWorld({ databaseUrl, clock, env })
  const auditor = await world.superuser()
  for (let round = 0; round < 4; round++) {
    await world.register()
    await minutes(world, clock, 2)
  }
  const oldest = (await world.core.stores.chain.newest())!
  assert.equal(oldest.position, 4)
  clock.advance(9 * dayMs)
  return { clock, databaseUrl, world, auditor, oldest }
}

for (const engine of engines) {
  describe(`an audit of which a week is kept, on ${engine}`, () => {
    it('loses what is older, by one signed cut that stands in the audit itself, and verifies as before', async () => {
      const { clock, databaseUrl, world, auditor, oldest } = await nineDaysOld(engine)
      const { access: token } = await world.login(auditor)
      const first = await world.call('GET', '/audit/?limit=3&ordering=at', { token })
      const last = await world.call('GET', '/audit/?limit=3', { token })
      const checkpoint = readCheckpoint(writeCheckpoint((await world.core.stores.chain.find(2))!, present))!
      assert.equal(first.status, 200, first.text)

      await minutes(world, clock, 5)
      const [cut, ...others] = await cutsOf(world)
      assert.deepEqual(others, [])
      assert.equal(cut!.through_event_id, oldest.lastEventId)
      assert.equal(cut!.rule, 'PROPUSK_KEEP_AUDIT=7d')
      assert.ok((await eventIds(world)).every(id => id > oldest.lastEventId))
      const report = await verifyAudit({ chain: world.core.stores.chain, present, checkpoint })
      assert.deepEqual(report.faults, [])
      assert.equal(report.uncutCount, 0)
      assert.equal(report.cut?.throughEventId, oldest.lastEventId)
      assert.equal(report.eventCount + report.unlinkedCount, (await eventIds(world)).length)
      assert.deepEqual(await faultsOf(world), none)
      assert.equal(await readyAudit(world), 'ok')

      const found = await world.call('GET', '/audit/?action=audit.cut', { token })
      assert.deepEqual(
        found.body.results.map(({ actor, target, details }: Record<string, unknown>) => ({
          actor,
          target,
          details,
        })),
        [
          {
            actor: null,
            target: 'audit',
            details: {
              through_event_id: oldest.lastEventId,
              events: cut!.event_count,
              rule: 'PROPUSK_KEEP_AUDIT=7d',
              seal_position: 4,
              seal_hash: oldest.hash,
            },
          },
        ],
      )
      // A page that was under way goes on behind what is gone; an event that is gone is not found.
      for (const { body } of [first, last]) {
        const next = await world.call('GET', body.next.replace(/^https?:\/\/[^/]+/, ''), { token })
        assert.equal(next.status, 200, next.text)
        assert.ok(next.body.results.every(({ id }: { id: number }) => id > oldest.lastEventId))
      }
      assert.equal((await world.call('GET', `/audit/${oldest.lastEventId}/`, { token })).status, 404)
      const exported = await world.call('GET', '/audit/export/', { token })
      assert.match(exported.text, /"audit\.cut"/)

      await world.close()
      const restarted = await testWorld({ databaseUrl, clock, env: week })
      await restarted.register()
      await minutes(restarted, clock, 3)
      assert.deepEqual(await faultsOf(restarted), none)
      assert.equal(await readyAudit(restarted), 'ok')
      assert.equal((await cutsOf(restarted)).length, 1)

      clock.advance(9 * dayMs)
      await minutes(restarted, clock, 3)
      assert.equal((await cutsOf(restarted)).length, 2)
      assert.deepEqual(await faultsOf(restarted), none)
    })

    it('is kept whole unless the setting says otherwise, and a row that no cut names cannot be deleted', async () => {
      const { clock, world } = await nineDaysOld(engine, unthrottled)
      clock.advance(3_000 * dayMs)
      const before = await eventIds(world)
      await minutes(world, clock, 3)
      assert.deepEqual((await eventIds(world)).slice(0, before.length), before)
      assert.deepEqual(await cutsOf(world), [])
      await assert.rejects(
        runStatements(world.core.database, ['delete from audit_events where id = 1']),
        /only deleted by a cut/,
      )
    })

    it('is not cut where an event is not as it was sealed, so that no cut hides a forgery', async () => {
      const { clock, world } = await nineDaysOld(engine)
      const second = (await world.core.stores.chain.find(2))!
      await tamper(world.core.database, [
        `update audit_events set details = '{"forged":true}' where id = ${second.lastEventId}`,
      ])
      await minutes(world, clock, 4)
      const [cut, ...others] = await cutsOf(world)
      assert.deepEqual([cut!.seal_position, others.length], [1, 0])
      assert.ok((await eventIds(world)).includes(second.lastEventId))
      assert.deepEqual((await faultsOf(world)).chain, ['2 events changed'])
      assert.match(world.log.join(''), /not as they were sealed, so they are not cut/)
    })

    it('rows that are put back into the cut part of the audit are deleted again', async () => {
      const { clock, world } = await nineDaysOld(engine)
      await minutes(world, clock, 1)
      const through_event_id = (await cutsOf(world))[0]!.through_event_id
      await runStatements(world.core.database, [
        `insert into audit_events (id, at, action, outcome, details)${
          engine === 'postgres' ? ' overriding system value' : ''
        } values (${through_event_id}, 1, 'user.login', 'success', '{}')`,
      ])
      assert.equal((await verify(world)).uncutCount, 1)
      await minutes(world, clock, 1)
      assert.equal((await verify(world)).uncutCount, 0)
      assert.deepEqual(await faultsOf(world), none)
    })

    it('goes with what it held of an account that was erased', async () => {
      const { clock, world } = await nineDaysOld(engine)
      const person = await world.register('anna.petrova@example.com')
      await eraseUser(world.core, { principal: null, origin: null }, person.id as UserId)
      const texts = async () =>
        JSON.stringify(await world.core.database.read.selectFrom('audit_events').selectAll().execute())
      assert.match(await texts(), new RegExp(`users/${person.id}"`))
      await minutes(world, clock, 3)
      clock.advance(9 * dayMs)
      await minutes(world, clock, 3)
      assert.doesNotMatch(await texts(), new RegExp(`users/${person.id}"`))
      assert.deepEqual(await faultsOf(world), none)
      const { email } = await world.core.database.read
        .selectFrom('users')
        .select('email')
        .where('id', '=', person.id)
        .executeTakeFirstOrThrow()
      assert.equal(email, `erased-${person.id}@erased.invalid`)
    })
  })
}

const columns = 'through_event_id, seal_position, seal_hash, event_count, rule, cut_at, key_id, signature'
const firstThree = 'select last_event_id from audit_seals where position = 3'

/** A cut that somebody makes who has the database and not the master key. */
const forged = (signature: string) =>
  `insert into audit_cuts (${columns}) select last_event_id, position, hash, 9, 'PROPUSK_KEEP_AUDIT=7d', sealed_at, key_id, ${signature}
   from audit_seals where position = 3`

const forgeries: Readonly<Record<string, readonly string[]>> = {
  'old events, and no cut': [`delete from audit_events where id <= (${firstThree})`],
  'one old event': ['delete from audit_events where id = 1'],
  'events from the middle': [`delete from audit_events where id = (${firstThree})`],
  'old events, and a cut with a made-up signature': [
    forged("'AAAA'"),
    `delete from audit_events where id <= (${firstThree})`,
  ],
  'old events, and a cut with the signature of the seal': [
    forged('signature'),
    `delete from audit_events where id <= (${firstThree})`,
  ],
  'old events, and a cut with a key of another': [
    forged("'AAAA'").replace("key_id, 'AAAA'", "'other', 'AAAA'"),
    `delete from audit_events where id <= (${firstThree})`,
  ],
}

for (const engine of engines) {
  describe(`who deletes from the audit beside the running server, on ${engine}`, () => {
    for (const [what, statements] of Object.entries(forgeries)) {
      it(`is named by verify, doctor and /health/ready: ${what}`, async () => {
        const { clock, databaseUrl, world } = await nineDaysOld(engine, unthrottled)
        await tamper(world.core.database, statements)
        await world.register()
        await minutes(world, clock, 3)
        const found = await faultsOf(world)
        assert.notDeepEqual(found.chain, [])
        assert.ok(found.around !== undefined)
        assert.notEqual(await readyAudit(world), 'ok')
        // What comes after is sealed all the same.
        assert.equal((await world.core.stores.chain.newest())?.position, 5)

        await world.close()
        const restarted = await testWorld({ databaseUrl, clock, env: week })
        assert.notEqual(await readyAudit(restarted), 'ok', 'known from the start on')
        const before = await eventIds(restarted)
        await minutes(restarted, clock, 3)
        assert.deepEqual((await eventIds(restarted)).slice(0, before.length), before)
        assert.notEqual(await readyAudit(restarted), 'ok')
      })
    }

    it('is named when a true cut is made to reach further, is taken away, or is of another audit', async () => {
      const { clock, world } = await nineDaysOld(engine)
      const { database, stores } = world.core
      await minutes(world, clock, 1)
      await world.register()
      await minutes(world, clock, 2)
      assert.deepEqual(await faultsOf(world), none)
      const newest = (await stores.chain.newest())!
      assert.equal(newest.position, 5)

      await tamper(database, [
        `update audit_cuts set through_event_id = ${newest.lastEventId}, seal_position = ${newest.position}, seal_hash = '${newest.hash}', event_count = 99`,
        `delete from audit_events where id <= ${newest.lastEventId}`,
      ])
      if (newest.position > 4)
        assert.match((await faultsOf(world)).around!, /not signed with this master key/)
      await tamper(database, ['delete from audit_cuts'])
      assert.match((await faultsOf(world)).around!, /and 0 are there: some were removed/)
      assert.notDeepEqual((await faultsOf(world)).chain, [])

      const other = present.signCut({
        throughEventId: newest.lastEventId,
        linkPosition: newest.position,
        linkHash: 'a'.repeat(64),
        eventCount: 5,
        rule: 'of a copy with the same master key',
        cutAtMs: 1,
        keyId: present.keyId,
      })
      await database.transaction(trx =>
        trx
          .insertInto('audit_cuts')
          .values({
            through_event_id: other.throughEventId,
            seal_position: other.linkPosition,
            seal_hash: other.linkHash,
            event_count: other.eventCount,
            rule: other.rule,
            cut_at: other.cutAtMs,
            key_id: other.keyId,
            signature: other.signature,
          })
          .execute(),
      )
      assert.match((await faultsOf(world)).around!, /is of another audit/)
    })

    it('is named when a cut of a former master key reaches into what the present one has sealed', async () => {
      const { world } = await nineDaysOld(engine)
      const { database, stores, clock } = world.core
      const link = (await stores.chain.find(3))!
      const former = new AuditSigner(Buffer.alloc(32, 9))
      const cut = former.signCut({
        throughEventId: link.lastEventId,
        linkPosition: 3,
        linkHash: link.hash,
        eventCount: 9,
        rule: 'PROPUSK_KEEP_AUDIT=7d',
        cutAtMs: clock.nowMs(),
        keyId: former.keyId,
      })
      const newest = writeCheckpoint(former.sign({ ...link, keyId: former.keyId }), former)
      await database.transaction(async trx => {
        await trx
          .insertInto('audit_cuts')
          .values({
            through_event_id: cut.throughEventId,
            seal_position: cut.linkPosition,
            seal_hash: cut.linkHash,
            event_count: cut.eventCount,
            rule: cut.rule,
            cut_at: cut.cutAtMs,
            key_id: cut.keyId,
            signature: cut.signature,
          })
          .execute()
        await trx.deleteFrom('audit_events').where('id', '<=', cut.throughEventId).execute()
      })
      assert.match((await findAuditFault(world.core, present))!, /not signed with this master key/)
      const report = await verifyAudit({ chain: stores.chain, present, checkpoint: readCheckpoint(newest)! })
      assert.equal(report.faults.filter(({ fault }) => fault.kind === 'events missing').length, 3)
      const deps = { chain: stores.chain, transaction: world.core.transaction, signer: present }
      const rule = { beforeMs: clock.nowMs(), rule: 'a rule', nowMs: clock.nowMs() }
      await assert.rejects(cutAudit(deps, rule), /newest cut is not ours/)
    })
  })
}
