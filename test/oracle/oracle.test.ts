import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { describe, it } from 'node:test'
import { parseArgs } from 'node:util'
import { engines, freshDatabaseUrl } from '../support/engines.ts'
import { runCampaign, type Tally } from './campaign.ts'
import { mutants } from './mutants.ts'

/**
 * `npm run test:long` runs the same few campaigns each time; `npm run oracle -- --runs 100` runs others, and `--seed` those of an
 * earlier run again.
 */
const { values } = parseArgs({
  options: { runs: { type: 'string' }, seed: { type: 'string' }, steps: { type: 'string' } },
})
const runs = Number(values.runs ?? 2)
const steps = Number(values.steps ?? 90)
const seed = Number(values.seed ?? (values.runs === undefined ? 20_266 : randomInt(2 ** 30)))

for (const engine of engines) {
  describe(`people of all ranks at two nodes whose clocks differ, on ${engine}`, () => {
    it('may do what the rules of rank allow and no more, and every answer about access is that of brute force', async t => {
      const tally: Tally = {}
      for (let run = 0; run < runs; run++) {
        const done = await runCampaign({
          databaseUrl: await freshDatabaseUrl(engine),
          seed: seed + run,
          steps,
        })
        for (const [what, times] of Object.entries(done)) tally[what] = (tally[what] ?? 0) + times
      }
      t.diagnostic(`seeds from ${seed}, ${runs} campaigns of ${steps} acts on ${engine}`)
      t.diagnostic(JSON.stringify(tally))
      for (const what of mustBeSeen) assert.ok((tally[what] ?? 0) > 0, `${what} never came`)
    })
  })
}

describe('the generator of these acts', () => {
  for (const [fault, { mutant, firstSeed, finds }] of Object.entries(mutants)) {
    it(`finds ${fault}`, async () => {
      await assert.rejects(async () => {
        for (let seed = firstSeed; seed < firstSeed + 20; seed++)
          await runCampaign({ databaseUrl: await freshDatabaseUrl('sqlite'), seed, steps, mutant })
      }, finds)
    })
  }
})

/** A generator that does not come to these would prove little. */
const mustBeSeen = [
  ...['roles of an account', 'a new role', 'what a role permits', 'an account opened or closed'].flatMap(
    kind => [`${kind}: done`, `${kind}: refused`],
  ),
  'the superuser mark: refused',
  'roles of an account: asked for the level',
  'the level of a role: done',
  'a new API key: done',
  'a gate asked for a second factor',
  'checked at aal1: aal2',
  ...['unknown', 'inactive', 'superuser', 'role', 'missing'].map(reason => `explained by ${reason}`),
  'previews of something',
  'previews of what nobody could do',
]
