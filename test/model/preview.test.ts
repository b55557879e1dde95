import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { describe, it } from 'node:test'
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { toChanges, toPreviewedBody } from '../../server/src/access/preview-routes.ts'
import { createWalkSemaphore } from '../../server/src/access/what-if/measure-effect.ts'
import { Pace } from '../../server/src/access/what-if/pace.ts'
import { previewChanges } from '../../server/src/access/what-if/preview-changes.ts'
import { engines } from '../support/engines.ts'
import { type Change, previewOf } from '../support/preview.ts'
import { changeLists, installations, openPreviewWorld } from './preview-world.ts'

/** As in model.test.ts: the same few installations each time, others with `node test/model/preview.test.ts --runs 1000`. */
const { values } = parseArgs({ options: { runs: { type: 'string' }, seed: { type: 'string' } } })
const numRuns = Number(values.runs ?? 15)
const seed = Number(values.seed ?? (values.runs === undefined ? 20_261 : randomInt(2 ** 31)))

for (const engine of engines) {
  describe(`a preview on ${engine}`, async () => {
    const installation = await openPreviewWorld(engine)
    const turns = createWalkSemaphore(1)
    const store = installation.world.core.stores.whatIf

    it('a preview predicts what really carrying out the changes does, or which of them is refused', async t => {
      t.diagnostic(`seed ${seed}, ${numRuns} houses on ${engine}`)
      const seen = { refused: 0, changed: 0, truncated: 0 }
      const property = fc.asyncProperty(
        installations,
        changeLists,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 5 }),
        async (made, places, limit, rowsPerStep) => {
          await installation.furnish(made)
          const changes = installation.withIds(places)
          const pairs = await installation.pairs()
          const before = await installation.whoMay(pairs)
          const answer = await installation.call('POST', '/access/preview/', { changes, limit })
          assert.deepEqual(await installation.whoMay(pairs), before, 'a preview writes nothing')

          const failedAt = await carryOutAll(changes)
          if (failedAt !== undefined) {
            seen.refused += 1
            assert.equal(answer.status, 400, answer.text)
            assert.ok(Object.keys(answer.body.errors)[0]!.startsWith(`changes.${failedAt}.`), answer.text)
            return
          }
          assert.equal(answer.status, 200, answer.text)
          const expected = previewOf(before, await installation.whoMay(pairs), limit)
          const { results, ...counts } = answer.body
          const shown = results.map((each: { user: { id: number } }) => ({ ...each, user: undefined }))
          assert.deepEqual(
            results.map((each: { user: { id: number } }) => each.user.id),
            expected.results.map(each => each.id),
          )
          assert.deepEqual(
            { ...counts, results: shown },
            {
              ...expected,
              results: expected.results.map(({ id: _, ...each }) => ({ ...each, user: undefined })),
            },
          )
          if (expected.users > 0) seen.changed += 1
          if (expected.truncated) seen.truncated += 1

          // However few assignments a statement looks at, and even where nothing is left to change.
          await installation.furnish(made)
          const inSteps = await previewChanges(
            { store, rowsPerStep, semaphore: turns, newPace: () => new Pace() },
            toChanges(changes as never),
            limit,
          )
          assert.deepEqual(toPreviewedBody(inSteps), answer.body)
        },
      )
      await fc.assert(property, { numRuns, seed })
      t.diagnostic(JSON.stringify(seen))
      assert.ok(seen.refused > 0 && seen.changed > numRuns / 4 && seen.truncated > 0, JSON.stringify(seen))
    })

    it('offers alternatives that really turn the decision round and affect as many as they say', async t => {
      const seen = { allowed: 0, refused: 0, none: 0 }
      const property = fc.asyncProperty(
        installations,
        fc.nat(5),
        fc.nat(),
        fc.nat(9),
        async (made, place, at, choice) => {
          await installation.furnish(made)
          const pairs = await installation.pairs()
          const ours = pairs.filter(({ resource }) => resource.startsWith('area-'))
          const { resource, action } = ours[at % ours.length]!
          const { id } = installation.users[place]!
          const question = `/access/explain/?user_id=${id}&resource=${resource}&action=${action}`
          const { allowed, alternatives } = await installation.done('GET', `${question}&alternatives=true`)
          assert.ok(alternatives.length <= 10)
          if (alternatives.length === 0) {
            seen.none += 1
            return
          }
          seen[allowed ? 'allowed' : 'refused'] += 1
          const { changes, affects } = alternatives[choice % alternatives.length]
          const before = await installation.whoMay(pairs)
          assert.equal(await carryOutAll(changes), undefined)
          assert.equal((await installation.done('GET', question)).allowed, !allowed, JSON.stringify(changes))
          assert.equal(
            previewOf(before, await installation.whoMay(pairs), 1).users,
            affects,
            JSON.stringify(changes),
          )
        },
      )
      await fc.assert(property, { numRuns, seed })
      t.diagnostic(JSON.stringify(seen))
      assert.ok(seen.allowed > 0 && seen.refused > 0, JSON.stringify(seen))
    })

    /** The place of the first that cannot be carried out. */
    async function carryOutAll(changes: readonly Change[]): Promise<number | undefined> {
      for (const [index, change] of changes.entries())
        if (!(await installation.carryOut(change))) return index
      return undefined
    }
  })
}
