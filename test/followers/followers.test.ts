import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { freshDatabaseUrl } from '../support/engines.ts'
import { cutFollowers } from './cuts.ts'
import { deactivate } from './deactivations.ts'
import { observeOutage } from './outages.ts'
import { openService, type Service } from './service.ts'

// The small share of `npm run followers`, without its times.
describe('services in processes of their own that follow a server', () => {
  const staleAfterMs = 4_000
  const count = 4
  let service: Service
  before(async () => {
    service = await openService(await freshDatabaseUrl('postgres'), { count, staleAfterMs })
  })
  after(() => service?.close())

  it('all refuse whoever is deactivated', async () => {
    const samples = await deactivate(service.url, service.admin, service.followers, 5)
    assert.equal(samples.length, 5)
  })

  // Twice each: what a follower knows after one outage must be no older than before.
  for (const at of [0, 1, 2, 0, 1, 2]) {
    it(`refuse by themselves in outage ${at + 1} of three, not before their knowledge is as old as their bound, and come back`, async () => {
      const outage = await observeOutage(service.outages[at]!, service.followers, service.reader.access)
      assert.equal(outage.refusals.length, count)
      for (const { afterKnowledgeMs } of outage.refusals) {
        assert.ok(afterKnowledgeMs > staleAfterMs, `${outage.name}: refused at ${afterKnowledgeMs} ms`)
      }
      assert.equal(outage.cameBackAfterMs.length, count)
    })
  }
})

it('followers that are cut off while two nodes write say in the end what the database says', async () => {
  const options = { changes: 400, cuts: 40, seed: 1 }
  const { counts, breaches } = await cutFollowers(await freshDatabaseUrl('postgres'), options)
  assert.deepEqual(breaches, [])
  assert.deepEqual([counts.changes, counts.cuts], [400, 40])
  assert.ok(counts.askedAboutEnded! > 0 && counts.compared! > 0)
})
