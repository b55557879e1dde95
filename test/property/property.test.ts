import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { after, describe, it } from 'node:test'
import { parseArgs } from 'node:util'
import { engines, freshDatabaseUrl, freshSchemaOn } from '../support/engines.ts'
import { startPostgres } from '../support/postgres-cluster.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'
import { runCampaign, type Wire } from './campaign.ts'
import { mutants } from './mutants.ts'

/**
 * `npm test` runs the same few campaigns each time; `npm run property -- --runs 200` runs others, and `--seed` those of an
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
    it('answer as if each had heard everything from the beginning, a second after it was committed', async t => {
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
  const standby = await primary.standby({ recovery_min_apply_delay: '60s' })
  const targets = { primary: targetOf(primary.url), standby: targetOf(standby.url) }
  const proxies = await Promise.all([1, 2, 3].map(() => startTcpProxy(targets.primary)))
  after(async () => {
    for (const proxy of proxies) await proxy.close()
    await standby.stop()
    await primary.stop()
  })

  it('answer in the same way, and those that are led astray answer nobody', async t => {
    let checked = 0
    for (let run = 0; run < runs; run++) {
      const databaseUrl = await freshSchemaOn(primary.url)
      const wires = proxies.map(({ port, lead }): Wire => {
        const url = new URL(databaseUrl)
        url.port = String(port)
        return { databaseUrl: url.href, lead: to => lead(targets[to]) }
      })
      checked += (await runCampaign({ databaseUrl, seed: seed + run, steps, nodes: 3, wires })).checked
    }
    t.diagnostic(`seeds from ${seed}, ${runs} campaigns of ${steps} steps: ${checked} answers`)
    assert.ok(checked > 0)
  })
})

describe('the generator of these campaigns', () => {
  for (const [fault, { engine, mutant, seeds, finds }] of Object.entries(mutants)) {
    it(`finds ${fault} when its mend is taken out`, async () => {
      await assert.rejects(async () => {
        for (let run = 0; run < seeds; run++) {
          const databaseUrl = await freshDatabaseUrl(engine)
          await runCampaign({ databaseUrl, seed: 7_000 + run, steps: 200, mutant })
        }
      }, finds)
    })
  }
})
