import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runCampaign } from '../crash/campaign.ts'

describe('a server that is killed at work', () => {
  // A few kills of what `npm run crash` does hundreds of times, on both engines.
  it('has kept everything that it acknowledged, and nothing that was spent works again', async () => {
    const figures = await runCampaign({ engine: 'sqlite', kills: 5, seed: 3 })
    assert.equal(figures.kills, 5)
    assert.ok((figures.victims.get('server') ?? 0) > 0, 'kills under load')
    assert.ok((figures.acknowledged.get('refresh') ?? 0) > 0, 'and a load')
    assert.ok((figures.probes.get('a spent token whose successor was used') ?? 0) > 0, 'and a replay')
  })
})
