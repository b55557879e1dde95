import { availableParallelism, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import type { Bench } from './bench.ts'
import { formatFinding } from './support/format-finding.ts'

/** Every bench by its name: `npm run bench -- start --quick`. */
const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  start: () => import('./start.ts'),
}

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const names = positionals.length > 0 ? positionals : Object.keys(benches)
const unknown = names.filter(name => !Object.hasOwn(benches, name))
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}`)
  process.exit(2)
}

console.log(`Node ${process.version}, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(2)}\n`)
for (const name of names) {
  try {
    const { run } = await benches[name]!()
    console.log(formatFinding(await run({ quick: values.quick })))
  } catch (error) {
    console.error(`The bench ${name} could not run:`, error)
    process.exitCode = 1
  }
}
