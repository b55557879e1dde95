import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startPostgres } from '../support/postgres-cluster.ts'
import { type Cost, changesPerSecond, measureCrowd } from './crowd.ts'
import { cutFollowers } from './cuts.ts'
import { type Deactivation, deactivate } from './deactivations.ts'
import { measureSnapshot } from './large-snapshot.ts'
import { breachesOf, type Outage, observeOutage, type Refusal } from './outages.ts'
import { openService } from './service.ts'

const usage = `npm run followers -- [processes] [cuts] [snapshot] [crowd] [--followers 50] [--samples 200] [--bound 5000] [--rounds 1] [--changes 10000] [--cuts 1000] [--seed 1]
                       [--roles 10000] [--living 100000] [--crowd 1000]
  processes   deactivations, and three outages, seen by followers in processes of their own
  cuts        followers that are cut off at random while two nodes write
  snapshot    one large snapshot on each engine: how long it takes, and how long it holds up the node and the follower
  crowd       what a node costs without followers and with many`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    followers: { type: 'string', default: '50' },
    samples: { type: 'string', default: '200' },
    bound: { type: 'string', default: '5000' },
    rounds: { type: 'string', default: '1' },
    changes: { type: 'string', default: '10000' },
    cuts: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    roles: { type: 'string', default: '10000' },
    living: { type: 'string', default: '100000' },
    crowd: { type: 'string', default: '1000' },
  },
})
const number = (name: keyof typeof values): number => {
  const value = Number(values[name])
  if (Number.isSafeInteger(value) && value > 0) return value
  console.error(`--${name} is ${values[name]}: give a whole number from 1 up\n${usage}`)
  process.exit(2)
}
const parts = { processes, cuts, snapshot, crowd }
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
      const outages: Outage[] = []
      while (outages.length < number('rounds'))
        outages.push(await observeOutage(kind, service.followers, service.reader.access))
      console.log(formatOutages(outages, staleAfterMs))
      breaches.push(...outages.flatMap(outage => breachesOf(outage, staleAfterMs)))
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

async function snapshot(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'propusk-snapshot-'))
  const size = { roles: number('roles'), changes: number('living') }
  try {
    for (const url of [`sqlite:${join(directory, 'propusk.sqlite')}`, cluster.url]) {
      const figures = await measureSnapshot(url, size)
      const ms = (value: number) => `${Math.round(value)} ms`
      console.log(`A snapshot of ${size.roles} roles and ${size.changes} changes, ${url.split(':')[0]}; load ${loadavg()[0]!.toFixed(1)}:
  ${(figures.bytes / 1e6).toFixed(1)} MB; its first bytes came after ${ms(figures.firstBytesMs)}, a follower in another process was live after ${ms(figures.liveMs)}
  longest block of an event loop: the node's ${ms(figures.nodeBlockedMs)}, the follower's ${ms(figures.followerBlockedMs)}
  a node that starts had read it after ${ms(figures.nodeReadyMs)}`)
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

async function crowd(): Promise<void> {
  const { alone, followed, open } = await measureCrowd(cluster.url, number('crowd'))
  const cost = (ofCost: (cost: Cost) => number, digits: number) =>
    `${ofCost(alone).toFixed(digits)} without, ${ofCost(followed).toFixed(digits)} with: ${(ofCost(followed) - ofCost(alone)).toFixed(digits)} more`
  console.log(`${open} followers of one node; load ${loadavg()[0]!.toFixed(1)}:
  memory, MB: ${cost(({ memoryMb }) => memoryMb, 1)}`)
  for (const [at, pace] of changesPerSecond.entries()) {
    const made = [alone, followed].map(({ shares }) => shares[at]!.made).join(' and ')
    console.log(
      `  % of a core, ${pace} changes a second (made: ${made}): ${cost(({ shares }) => shares[at]!.ofCore * 100, 1)}`,
    )
  }
}

function formatShares(from: 'fromCallMs' | 'fromAnswerMs', samples: readonly Deactivation[]): string {
  const sorted = samples.map(sample => sample[from]).toSorted((left, right) => left - right)
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!.toFixed(1)
  const name = from === 'fromCallMs' ? 'from the call' : 'from the answer'
  return `  ${name}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`
}

function formatOutages(outages: readonly Outage[], boundMs: number): string {
  const range = (of: (refusal: Refusal) => number) =>
    rangeOf(outages.flatMap(({ refusals }) => refusals.map(of)))
  const back = rangeOf(outages.flatMap(({ cameBackAfterMs }) => cameBackAfterMs))
  const late = outages
    .flatMap(({ refusals }) => refusals)
    .filter(({ afterOutageMs }) => afterOutageMs > boundMs)
  return `${outages[0]!.name}, ${outages.length} times, bound ${boundMs / 1000} s; load ${loadavg()[0]!.toFixed(1)}:
  knowledge at its begin was old by ${range(refusal => refusal.knowledgeAgeMs)}
  refused when knowledge was old by ${range(refusal => refusal.afterKnowledgeMs)}
  refused after the outage began by ${range(refusal => refusal.afterOutageMs)}, later than the bound: ${late.length}
  came back after its end by ${back}`
}

function rangeOf(all: readonly number[]): string {
  const sorted = all.toSorted((left, right) => left - right)
  const [least, middle, most] = [0, sorted.length >> 1, sorted.length - 1].map(at =>
    (sorted[at]! / 1000).toFixed(3),
  )
  return `${least} to ${most} s (median ${middle} s)`
}
