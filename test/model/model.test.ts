import { randomInt } from 'node:crypto'
import { describe, it } from 'node:test'
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { engines } from '../support/engines.ts'
import { administrationCommands, clearRoles } from './administration-commands.ts'
import { createModel } from './model.ts'
import { openNodes } from './nodes.ts'
import { observeAll } from './observe.ts'
import { sessionCommands } from './session-commands.ts'

/**
 * `npm run test:long` runs the same few sequences each time; `npm run model -- --runs 1000` runs others, and `--seed` those
 * of an earlier run again.
 */
const { values } = parseArgs({ options: { runs: { type: 'string' }, seed: { type: 'string' } } })
const numRuns = Number(values.runs ?? 6)
const seed = Number(values.seed ?? (values.runs === undefined ? 20_261 : randomInt(2 ** 31)))

const commands = fc.commands([...sessionCommands, ...administrationCommands], {
  maxCommands: 100,
  size: 'max',
})

for (const engine of engines) {
  describe(`two nodes on ${engine}`, async () => {
    const nodes = await openNodes(engine)

    it('never disagree with a model of the contract, whatever is done on them in whatever order', async t => {
      t.diagnostic(`seed ${seed}, ${numRuns} sequences on ${engine}`)
      let counter = 0
      const property = fc.asyncProperty(commands, async commands => {
        const model = createModel(nodes.clock, `run-${++counter}`)
        await fc.asyncModelRun(() => ({ model, real: nodes }), commands)
        await observeAll(model, nodes)
        await clearRoles(model, nodes)
      })
      await fc.assert(property, { numRuns, seed })
    })
  })
}
