import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { freshDatabaseUrl } from '../support/engines.ts'
import { cutOff, wander } from './campaign.ts'
import type { EndingKind } from './endings.ts'
import { newLane, observeEnding } from './obedience.ts'
import { openSite, type Site } from './site.ts'

// The small share of `npm run nodes`, one ending for each way in which gates hear of it.
const kinds: readonly EndingKind[] = [
  'sign-out',
  'deactivation',
  'role taken from a user',
  'permission taken from a role',
]

describe('two nodes on one PostgreSQL', () => {
  let databaseUrl: string
  let site: Site
  let urls: [string, string]
  before(async () => {
    databaseUrl = await freshDatabaseUrl('postgres')
    site = await openSite(databaseUrl)
    const nodes = await Promise.all([site.add(), site.add()])
    urls = [nodes[0]!.url, nodes[1]!.url]
  })
  after(() => site.close())

  it('obey what ends on the other one: no pass later than a second after it, and none after the first rejection', async () => {
    const admin = await site.administrator(urls[0])
    for (const [index, kind] of kinds.entries()) {
      const lane = await newLane(urls[0], admin)
      const turned: [string, string] = index % 2 === 0 ? urls : [urls[1], urls[0]]
      for (const { breaches } of await observeEnding(turned, kind, admin, lane))
        assert.deepEqual(breaches, [])
    }
  })

  it('serve one session with every request on the other node, retries and replays included', async () => {
    await wander(urls, 2)
  })

  it('a node that is cut off accepts no ended session, and recovers by itself', async () => {
    const outages = await cutOff(site, databaseUrl, urls[0], 2_000)
    for (const [name, { breaches }] of outages) assert.deepEqual([name, ...breaches], [name])
    assert.ok(outages.some(([, { rejections }]) => rejections > 0))
  })
})
