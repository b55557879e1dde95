import { parseArgs } from 'node:util'
import type { Engine } from '../../server/src/store/index.ts'
import { runCampaign } from './campaign.ts'
import { formatFigures } from './figures.ts'

const usage =
  'npm run crash -- [--kills 200] [--seed 1] [--engine sqlite|postgres]   (both engines without --engine)'
const engines: readonly Engine[] = ['sqlite', 'postgres']

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    engine: { type: 'string' },
  },
})
const [kills, seed] = [Number(values.kills), Number(values.seed)]
const chosen = engines.filter(engine => values.engine === undefined || values.engine === engine)
if (!Number.isInteger(kills) || kills < 1 || !Number.isInteger(seed) || chosen.length === 0) {
  console.error(usage)
  process.exit(2)
}

for (const engine of chosen) {
  const startedAt = performance.now()
  const figures = await runCampaign({
    engine,
    kills,
    seed,
    onKill: ({ kills: done }) => {
      if (done % 20 === 0) console.error(`${engine}: ${done} of ${kills} kills survived`)
    },
  })
  const seconds = Math.round((performance.now() - startedAt) / 1000)
  console.log(`${engine}, seed ${seed}, ${seconds} s: nothing lost\n\n${formatFigures(figures)}\n`)
}
