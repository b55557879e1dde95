import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { describe, it } from 'node:test'
import { parseArgs } from 'node:util'
import { engines, freshDatabaseUrl } from '../support/engines.ts'
import { runCampaign } from './campaign.ts'
import { mutants } from './mutants.ts'

/**
 * `npm test` runs the same few campaigns each time; `npm run property -- --runs 200` runs others, and `--seed` those of an
 * earlier run again.
 */
const { values } = parseArgs({
  options: { runs: { type: 'string' }, seed: { type: 'string' }, steps: { type: 'string' } },
})
const runs = Number(values.runs ?? 3)
const steps = Number(values.steps ?? 120)
const seed = Number(values.seed ?? (values.runs === undefined ? 20_261 : randomInt(2 ** 30)))

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

describe('the generator of these campaigns', () => {
  for (const [fault, { engine, mutant, seeds }] of Object.entries(mutants)) {
    it(`finds ${fault} when its mend is taken out`, async () => {
      await assert.rejects(async () => {
        for (let run = 0; run < seeds; run++) {
          const databaseUrl = await freshDatabaseUrl(engine)
          await runCampaign({ databaseUrl, seed: 7_000 + run, steps: 200, mutant })
        }
      }, /^Error: Seed/)
    })
  }
})
