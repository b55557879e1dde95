import { parseArgs } from 'node:util'
import { acts, type Figures, failOver, type Mode } from './campaign.ts'

const usage = 'npm run failover -- [--rounds 10] [--asynchronous]'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    asynchronous: { type: 'boolean', default: false },
  },
})
const rounds = Number(values.rounds)
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error(usage)
  process.exit(2)
}
const mode: Mode = values.asynchronous ? 'asynchronous' : 'synchronous'

const all: Figures[] = []
for (let round = 1; round <= rounds; round++) {
  const figures = await failOver({ mode, lanes: 3, loadMs: 1_000 + Math.floor(Math.random() * 2_000) })
  all.push(figures)
  const outages = figures.outagesMs.map(ms => `${Math.round(ms)} ms`).join(', ')
  console.error(
    `round ${round}: promoted after ${Math.round(figures.promotedMs)} ms, written again after ${outages}; ${figures.lost} lost, ${figures.refused} refused`,
  )
  for (const breach of new Set(figures.breaches)) console.error(`  ${breach}`)
}

const sum = (count: (figures: Figures) => number) => all.reduce((total, figures) => total + count(figures), 0)
const outagesMs = all.flatMap(figures => figures.outagesMs).toSorted((a, b) => a - b)
console.log(`\n${rounds} promotions under load, the standby ${mode}, two nodes:\n`)
for (const act of acts) console.log(`| acknowledged: ${act} | ${sum(figures => figures.acknowledged[act])} |`)
console.log(`| answered 503 | ${sum(figures => figures.refused)} |`)
console.log(`| accounts of which something acknowledged is lost | ${sum(figures => figures.lost)} |`)
console.log(
  `| written again after: median | ${Math.round(outagesMs[Math.floor(outagesMs.length / 2)]!)} ms |`,
)
console.log(`| written again after: slowest | ${Math.round(outagesMs.at(-1)!)} ms |`)
const breaches = sum(figures => figures.breaches.length)
if (breaches > 0) {
  console.error(`\nBroken promises: ${breaches}`)
  process.exitCode = 1
}
