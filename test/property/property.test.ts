import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { after, describe, it } from 'node:test'
import { parseArgs } from 'node:util'
import { engines, freshDatabaseUrl } from '../support/engines.ts'
import { startPostgres } from '../support/postgres-cluster.ts'
import { freshSchemaOn } from '../support/postgres-url.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'
import { type CampaignOptions, runCampaign, type Wire } from './campaign.ts'
import { believesWhatAnswers, mutants } from './mutants.ts'

/**
 * `npm run test:long` runs the same few campaigns each time; `npm run property -- --runs 200` runs others, and `--seed` those of an
 * earlier run again.
 */
const { values } = parseArgs({
  options: { runs: { type: 'string' }, seed: { type: 'string' }, steps: { type: 'string' } },
})
const runs = Number(values.runs ?? 1)
const steps = Number(values.steps ?? 100)
const seed = Number(values.seed ?? (values.runs === undefined ? 20_261 : randomInt(2 ** 30)))

const targetOf = (url: string) => ({ host: '127.0.0.1', port: Number(new URL(url).port) })

for (const engine of engines) {
  describe(`nodes whose clocks differ, on ${engine}`, () => {
    it('nodes answer as if each had applied every change, a second after its commit', async t => {
      let checked = 0
      for (let run = 0; run < runs; run++) {
        const databaseUrl = await freshDatabaseUrl(engine)
        checked += (await runCampaign({ databaseUrl, seed: seed + run, steps })).checked
      }
      t.diagnostic(`seeds from ${seed}, ${runs} campaigns of ${steps} steps on ${engine}: ${checked} answers`)
      assert.ok(checked > 0)
    })
  })
}

describe('nodes of which some are led to a standby that lags', async () => {
  const primary = await startPostgres()
  const standby = await primary.standby()
  const targets = { primary: targetOf(primary.url), standby: targetOf(standby.url) }
  const proxies = await Promise.all([1, 2, 3].map(() => startTcpProxy(targets.primary)))
  after(async () => {
    for (const proxy of proxies) await proxy.close()
    await standby.stop()
    await primary.stop()
  })

  async function campaign(more: Pick<CampaignOptions, 'seed' | 'steps' | 'mutant'>) {
    const databaseUrl = await freshSchemaOn(primary.url)
    const wires = proxies.map(({ port, lead }): Wire => {
      const url = new URL(databaseUrl)
      url.port = String(port)
      return {
        databaseUrl: url.href,
        async lead(to) {
          // It has nearly everything, and hears nothing more as long as a node listens to it.
          if (to === 'standby') await standby.freeze(primary.url)
          lead(targets[to])
          if (to === 'primary') await standby.thaw()
        },
      }
    })
    return await runCampaign({ databaseUrl, nodes: 3, wires, ...more })
  }

  it('nodes on the primary answer the same, and those on a lagging standby answer 503', async t => {
    let checked = 0
    for (let run = 0; run < runs; run++) checked += (await campaign({ seed: seed + run, steps })).checked
    t.diagnostic(`seeds from ${seed}, ${runs} campaigns of ${steps} steps: ${checked} answers`)
    assert.ok(checked > 0)
  })

  it('are found when they believe whatever answers', async () => {
    await assert.rejects(async () => {
      for (let seed = 7_000; seed < 7_020; seed++)
        await campaign({ seed, steps: 120, mutant: believesWhatAnswers })
    }, /believes a standby/)
  })
})

describe('the generator of these campaigns', () => {
  for (const [fault, { engine, mutant, firstSeed, finds }] of Object.entries(mutants)) {
    it(`finds ${fault} when its mend is taken out`, async () => {
      await assert.rejects(async () => {
        for (let seed = firstSeed; seed < firstSeed + 20; seed++) {
          const databaseUrl = await freshDatabaseUrl(engine)
          await runCampaign({ databaseUrl, seed, steps: 120, mutant })
        }
      }, finds)
    })
  }
})
