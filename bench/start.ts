import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Effort, Finding } from './bench.ts'
import { residentMb } from './support/resident-memory.ts'
import { type ServerCommand, startServer } from './support/start-server.ts'
import { type Sample, summarise } from './support/statistics.ts'

const pathOf = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const mainFile = pathOf('../server/src/main.js')

const ours: ServerCommand = {
  name: 'Propusk',
  args: [mainFile, 'serve'],
  env: port => ({ PROPUSK_PORT: String(port) }),
  readyPath: '/health/ready',
}
const peer: ServerCommand = {
  name: 'bare Fastify',
  args: [pathOf('peers/bare-fastify.js')],
  env: port => ({ PORT: String(port) }),
  readyPath: '/health/live',
}
const pair = [ours, peer] as const

const idleBeforeWeighingMs = 3_000

/** Both servers' figures of one kind, in the order of `pair`. */
type Figures = readonly [number[], number[]]

interface Starts {
  readonly live: Figures
  readonly ready: Figures
}

/** From nothing to the first answer, and what the waiting server weighs. */
export async function run({ quick }: Effort): Promise<Finding> {
  const ground = mkdtempSync(join(tmpdir(), 'propusk-bench-'))
  try {
    const rounds = quick ? 3 : 15
    const template = await makeTemplate(ground)
    const first = await measureStarts(template, rounds, 'first')
    const later = await measureStarts(template, rounds, 'later')
    const weight = await measureMemory(template, quick ? 1 : 3)
    return describe(rounds, first, later, weight)
  } finally {
    rmSync(ground, { recursive: true, force: true })
  }
}

/** Ours and the peer in turn, so that a neighbour on the machine hits both. */
async function measureStarts(template: string, rounds: number, kind: 'first' | 'later'): Promise<Starts> {
  const starts: Starts = { live: [[], []], ready: [[], []] }
  const shared = copyOf(template)
  if (kind === 'later') for (const command of pair) await (await startServer(command, shared)).stop()
  for (let round = 0; round < rounds; round++) {
    for (const [index, command] of pair.entries()) {
      const server = await startServer(command, kind === 'later' ? shared : copyOf(template))
      starts.live[index]!.push(server.startMs)
      starts.ready[index]!.push(server.readyMs)
      await server.stop()
    }
  }
  return starts
}

async function measureMemory(template: string, rounds: number): Promise<Figures> {
  const figures: Figures = [[], []]
  const directory = copyOf(template)
  // A first start also loads what strips the types of the sources: a later one is what runs from day to day.
  for (const command of pair) await (await startServer(command, directory)).stop()
  for (let round = 0; round < rounds; round++) {
    const servers = await Promise.all(pair.map(command => startServer(command, directory)))
    await sleep(idleBeforeWeighingMs)
    for (const [index, server] of servers.entries()) figures[index]!.push(residentMb(server.pid))
    for (const server of servers) await server.stop()
  }
  return figures
}

/** A directory with the database of a server that has run before, and nothing else. */
async function makeTemplate(ground: string): Promise<string> {
  const directory = join(ground, 'template')
  const workplace = join(ground, 'workplace')
  mkdirSync(workplace)
  await (await startServer(ours, workplace)).stop()
  cpSync(join(workplace, 'data'), join(directory, 'data'), { recursive: true })
  return directory
}

/** A directory of its own: the same database, and no compile cache. */
function copyOf(template: string): string {
  const directory = mkdtempSync(`${template}-`)
  cpSync(template, directory, { recursive: true })
  return directory
}

function describe(rounds: number, first: Starts, later: Starts, weight: Figures): Finding {
  const rows = [
    row('first start, alive, ms', first.live),
    row('first start, ready, ms', first.ready),
    row('later start, alive, ms', later.live),
    row('later start, ready, ms', later.ready),
    row('memory when idle, MB', weight),
  ]
  const ratio = summarise(later.live[0]).median / summarise(later.live[1]).median
  const memoryMb = summarise(weight[0]).median
  return {
    title: 'Start and idle memory',
    method: `From the start of the process to the first 200 of /health/live (alive) and of /health/ready (ready; the peer has only the one), ${rounds} rounds in turn; a first start has no compile cache.`,
    headings: ['median (least to most)', ours.name, peer.name, 'ratio'],
    rows,
    targets: [
      `Target: a start within 1.5 times the peer's. Now ${ratio.toFixed(2)} times.`,
      `Target: under 110 MB resident. Now ${memoryMb.toFixed(0)} MB.`,
    ],
  }
}

function row(name: string, [own, other]: Figures): string[] {
  const [a, b] = [summarise(own), summarise(other)]
  return [name, show(a), show(b), (a.median / b.median).toFixed(2)]
}

const show = ({ median, least, most }: Sample): string =>
  `${median.toFixed(0)} (${least.toFixed(0)} to ${most.toFixed(0)})`
