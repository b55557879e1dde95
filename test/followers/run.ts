import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { startPostgres } from '../support/postgres-cluster.ts'
import { cutFollowers } from './cuts.ts'
import { type Deactivation, deactivate } from './deactivations.ts'
import { breachesOf, type Outage, observeOutage } from './outages.ts'
import { openService } from './service.ts'

const usage = `npm run followers -- [processes] [cuts] [--followers 50] [--samples 200] [--bound 5000] [--changes 10000] [--cuts 1000] [--seed 1]
  processes   deactivations, and three outages, seen by followers in processes of their own
  cuts        followers that are cut off at random while two nodes write`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    followers: { type: 'string', default: '50' },
    samples: { type: 'string', default: '200' },
    bound: { type: 'string', default: '5000' },
    changes: { type: 'string', default: '10000' },
    cuts: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
  },
})
const number = (name: keyof typeof values): number => {
  const value = Number(values[name])
  if (Number.isSafeInteger(value) && value > 0) return value
  console.error(`--${name} is ${values[name]}: give a whole number from 1 up\n${usage}`)
  process.exit(2)
}
const parts = { processes, cuts }
const asked = positionals.length === 0 ? Object.keys(parts) : positionals
for (const part of asked) {
  if (part in parts) continue
  console.error(`${part} is not known\n${usage}`)
  process.exit(2)
}

const breaches: string[] = []
const cluster = await startPostgres()
try {
  console.log(`load average at the start: ${loadavg()[0]!.toFixed(1)}`)
  for (const part of asked) await parts[part as keyof typeof parts]()
} finally {
  await cluster.stop()
}
if (breaches.length > 0) {
  console.error(`\nBroken promises: ${breaches.length}\n${breaches.slice(0, 30).join('\n')}`)
  process.exitCode = 1
}

async function processes(): Promise<void> {
  const staleAfterMs = number('bound')
  const count = number('followers')
  const service = await openService(cluster.url, { count, staleAfterMs })
  try {
    const samples = await deactivate(service.url, service.admin, service.followers, number('samples'))
    console.log(
      `${count} followers in their own processes, ${samples.length} deactivations, until the last one refuses:`,
    )
    for (const from of ['fromCallMs', 'fromAnswerMs'] as const) console.log(formatShares(from, samples))
    for (const kind of service.outages) {
      const outage = await observeOutage(kind, service.followers, service.reader.access)
      console.log(formatOutage(outage, staleAfterMs))
      breaches.push(...breachesOf(outage, staleAfterMs))
    }
  } finally {
    await service.close()
  }
}

async function cuts(): Promise<void> {
  const figures = await cutFollowers(cluster.url, {
    changes: number('changes'),
    cuts: number('cuts'),
    seed: number('seed'),
  })
  console.log(`Cuts, seed ${values.seed}: ${JSON.stringify(figures.counts)}`)
  breaches.push(...figures.breaches)
}

function formatShares(from: 'fromCallMs' | 'fromAnswerMs', samples: readonly Deactivation[]): string {
  const sorted = samples.map(sample => sample[from]).toSorted((left, right) => left - right)
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!.toFixed(1)
  const name = from === 'fromCallMs' ? 'from the call' : 'from the answer'
  return `  ${name}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`
}

function formatOutage({ name, refusedAfterMs, cameBackAfterMs }: Outage, boundMs: number): string {
  const range = (all: readonly number[]) =>
    `${(all[0]! / 1000).toFixed(2)} to ${(all.at(-1)! / 1000).toFixed(2)} s`
  return `${name}: refused after ${range(refusedAfterMs)} (bound ${boundMs / 1000} s), back ${range(cameBackAfterMs)} after its end`
}
