import { cpSync, mkdtempSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Effort, Finding } from './bench.ts'
import { betterAuthCommand, startBetterAuth } from './support/better-auth-server.ts'
import type { Comparison, Target } from './support/comparison.ts'
import { findingOf } from './support/finding-of.ts'
import { type Ground, onGround } from './support/ground.ts'
import { installedMb } from './support/install-size.ts'
import { load } from './support/load.ts'
import { ourCommand, ourEnvironment, startOurs } from './support/our-server.ts'
import type { PlainRequest } from './support/request-bytes.ts'
import { checkOf, repeating, theirProfileOf } from './support/requests.ts'
import { residentMb } from './support/resident-memory.ts'
import { roundsOf } from './support/rounds.ts'
import { type ServerCommand, type StartedServer, startServer } from './support/start-server.ts'

const ours = ourCommand(ourEnvironment('sqlite:./data/propusk.db'))
const bare: ServerCommand = {
  name: 'bare Fastify',
  args: [fileURLToPath(new URL('peers/bare-fastify.js', import.meta.url))],
  env: port => ({ PORT: String(port) }),
  readyPath: '/health/live',
}
const theirs = betterAuthCommand({ database: './auth.db', migrated: true })
const trio = [ours, bare, theirs] as const

const connections = 32

/** The figures of one kind, in the order of `trio`. */
type Figures = readonly [number[], number[], number[]]

interface Starts {
  readonly live: Figures
  readonly ready: Figures
}

interface Weights {
  readonly idle: Figures
  readonly busy: Figures
}

/** A directory with what servers need that have run before: databases with one account, and no compile cache. */
interface Template {
  readonly directory: string
  /** What each server is asked while its memory is weighed, by its place in `trio`. */
  readonly requests: readonly PlainRequest[]
}

/** From nothing to the first answer; what the server weighs; what its installation weighs. */
export const run = (effort: Effort): Promise<Finding> =>
  onGround(async ground => {
    const template = await makeTemplate(ground)
    const first = await measureStarts(template, effort, 'first')
    const later = await measureStarts(template, effort, 'later')
    const weights = await weigh(template, effort)
    return describe(startsOf(effort), first, later, weights)
  })

const startsOf = ({ quick, smoke }: Effort): number => (smoke ? 1 : quick ? 3 : 15)

const none = (): Figures => [[], [], []]

/** One after the other, so that a neighbour on the machine hits all. */
async function measureStarts(template: Template, effort: Effort, kind: 'first' | 'later'): Promise<Starts> {
  const count = startsOf(effort)
  const starts: Starts = { live: none(), ready: none() }
  const shared = copyOf(template)
  if (kind === 'later' && !effort.smoke)
    for (const command of trio) await (await startServer(command, shared)).stop()
  for (let round = 0; round < count; round++) {
    for (const [index, command] of trio.entries()) {
      const server = await startServer(command, kind === 'later' ? shared : copyOf(template))
      starts.live[index]!.push(server.startMs)
      starts.ready[index]!.push(server.readyMs)
      await server.stop()
    }
  }
  return starts
}

async function weigh(template: Template, effort: Effort): Promise<Weights> {
  const weights: Weights = { idle: none(), busy: none() }
  const { durationMs } = roundsOf(effort)
  const directory = copyOf(template)
  // A first start also loads what strips the types of the sources: a later one is what runs from day to day.
  if (!effort.smoke) for (const command of trio) await (await startServer(command, directory)).stop()
  for (let round = 0; round < (effort.quick ? 1 : 3); round++) {
    const servers: StartedServer[] = []
    for (const command of trio) servers.push(await startServer(command, directory))
    await sleep(effort.smoke ? 0 : 3_000)
    for (const [index, server] of servers.entries()) weights.idle[index]!.push(residentMb(server.pid))
    for (const [index, server] of servers.entries()) {
      const script = repeating(template.requests[index]!)
      const scripts = Array.from({ length: connections }, () => script)
      await load(server, scripts, durationMs * 3)
      weights.busy[index]!.push(residentMb(server.pid))
      await server.stop()
    }
  }
  return weights
}

async function makeTemplate(ground: Ground): Promise<Template> {
  const workplace = ground.directory('workplace')
  const own = await startOurs(workplace, ourEnvironment('sqlite:./data/propusk.db'))
  await own.stop()
  const peer = await startBetterAuth(workplace, { database: './auth.db' })
  const [person] = await peer.people(1)
  await peer.stop()
  const directory = ground.directory('template')
  const isDatabase = (path: string) => path === workplace || /\/data(?:\/|$)|auth\.db/.test(path)
  cpSync(workplace, directory, { recursive: true, filter: isDatabase })
  const requests = [checkOf(own.admin), { path: '/health/live' }, theirProfileOf(person!)]
  return { directory, requests }
}

/** A directory of its own: the same databases, and no compile cache. */
function copyOf({ directory }: Template): string {
  const copy = mkdtempSync(`${directory}-`)
  cpSync(directory, copy, { recursive: true })
  return copy
}

const atMost = (ratio: number): readonly Target[] => [{ against: 'ceiling', bound: 'at most', ratio }]

function describe(count: number, first: Starts, later: Starts, { idle, busy }: Weights): Finding {
  const sizes: Figures = [
    [installedMb('@propusk/server')],
    [installedMb('fastify')],
    [installedMb('better-auth')],
  ]
  const comparisons: Comparison[] = [
    row(
      'start.first',
      'ms',
      { en: 'First start, to the first answer', ru: 'Первый старт, до первого ответа' },
      first.live,
    ),
    {
      ...row(
        'start.later',
        'ms',
        { en: 'Later start, to the first answer', ru: 'Повторный старт, до первого ответа' },
        later.live,
      ),
      targets: atMost(1.3),
    },
    row(
      'start.ready',
      'ms',
      { en: 'Later start, ready for everything', ru: 'Повторный старт, готов ко всему' },
      later.ready,
    ),
    {
      ...row('memory.idle', 'MB', { en: 'Memory when idle', ru: 'Память в покое' }, idle),
      targets: atMost(1.2),
    },
    row('memory.load', 'MB', { en: 'Memory under load', ru: 'Память под нагрузкой' }, busy),
    row('install', 'MB', { en: 'Installed, with all it needs', ru: 'Установка со всем нужным' }, sizes),
  ]
  return findingOf({
    title: 'Start, memory, installation',
    method: `${count} starts of each in turn, from the start of the process to the first 200 of /health/live; a first start has no compile cache; every server has an account in its SQLite file. Idle memory after three seconds; under load, at the end of a run of ${connections} connections: access checks of ours, sessions of better-auth, one constant answer of bare Fastify.`,
    comparisons,
  })
}

const row = (
  key: string,
  unit: string,
  what: Comparison['what'],
  [own, floor, peer]: Figures,
): Comparison => ({
  key,
  what,
  unit,
  ours: own,
  ceiling: { name: bare.name, rounds: floor },
  peer: { name: theirs.name, rounds: peer },
})
