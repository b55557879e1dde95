import { parseArgs } from 'node:util'
import { realServer } from './real-server.ts'
import { defaultSimulation, type Simulated, simulate } from './simulate.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20' },
    store: { type: 'string', default: 'storage' },
    seed: { type: 'string', default: '1' },
    hours: { type: 'string', default: String(defaultSimulation.hours) },
  },
})

const store = values.store === 'cookie' ? 'cookie' : 'storage'
const server = await realServer()
const days: Simulated[] = []
for (let run = 0; run < Number(values.runs); run++) {
  const seed = Number(values.seed) + run
  const day = await simulate(server, { ...defaultSimulation, hours: Number(values.hours), seed, store })
  if (day.unexpectedLogouts > 0) console.log(`seed ${seed}: ${day.unexpectedLogouts} unexpected logouts`)
  days.push(day)
}
await server.close()

const { seed: _, ...counted } = days[0]!
console.log(`${days.length} days of ${values.hours} h with ${defaultSimulation.tabs} tabs and a ${store}`)
for (const name of Object.keys(counted) as (keyof typeof counted)[]) {
  console.log(`  ${name.padEnd(18)} ${days.reduce((sum, day) => sum + day[name], 0).toLocaleString('en')}`)
}
if (days.some(day => day.unexpectedLogouts > 0)) process.exitCode = 1
