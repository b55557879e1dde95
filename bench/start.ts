import { setTimeout as sleep } from 'node:timers/promises'
import type { Effort, Finding } from './bench.ts'
import { betterAuthCommand, startBetterAuth } from './support/better-auth-server.ts'
import { bundlePeer } from './support/bundle-peer.ts'
import type { Comparison } from './support/comparison.ts'
import { findingOf } from './support/finding-of.ts'
import { installedMb, ourInstalledMb } from './support/install-size.ts'
import { load } from './support/load.ts'
import { ourCommand, ourEnvironment, startOurs } from './support/our-server.ts'
import type { PlainRequest } from './support/request-bytes.ts'
import { checkOf, repeating, theirProfileOf } from './support/requests.ts'
import { residentMb } from './support/resident-memory.ts'
import { roundsOf } from './support/rounds.ts'
import { type ServerCommand, type StartedServer, startServer } from './support/start-server.ts'
import { onTestbed, type Testbed } from './support/testbed.ts'

const connections = 32

/** Ours, bare Fastify, better-auth: what one of them is measured for, all are. */
type Trio<Each> = readonly [Each, Each, Each]

type Figures = Trio<number[]>

interface Weights {
  readonly idle: Figures
  readonly busy: Figures
}

interface Contenders {
  readonly commands: Trio<ServerCommand>
  /** Their working directory: databases with one account. */
  readonly directory: string
  /** What each is asked while its memory is weighed. */
  readonly requests: Trio<PlainRequest>
}

/** From nothing to ready; what the server weighs; what its installation weighs. */
export const run = (effort: Effort): Promise<Finding> =>
  onTestbed(async testbed => {
    const contenders = await prepare(testbed)
    const ready = await measureStarts(contenders, effort)
    return describe(startsOf(effort), ready, await weigh(contenders, effort))
  })

const startsOf = ({ quick, smoke }: Effort): number => (smoke ? 1 : quick ? 7 : 25)

const none = (): Figures => [[], [], []]

/** One after the other, so that a neighbour on the machine hits all. */
async function measureStarts({ commands, directory }: Contenders, effort: Effort): Promise<Figures> {
  const ready = none()
  // The first one brings the files into the memory of the system.
  for (const command of commands) await (await startServer(command, directory)).stop()
  for (let round = 0; round < startsOf(effort); round++) {
    for (const [index, command] of commands.entries()) {
      const server = await startServer(command, directory)
      ready[index]!.push(server.readyMs)
      await server.stop()
    }
  }
  return ready
}

async function weigh({ commands, directory, requests }: Contenders, effort: Effort): Promise<Weights> {
  const weights: Weights = { idle: none(), busy: none() }
  const { durationMs } = roundsOf(effort)
  for (let round = 0; round < (effort.quick ? 1 : 3); round++) {
    const servers: StartedServer[] = []
    for (const command of commands) servers.push(await startServer(command, directory))
    await sleep(effort.smoke ? 0 : 3_000)
    for (const [index, server] of servers.entries()) weights.idle[index]!.push(residentMb(server.pid))
    for (const [index, server] of servers.entries()) {
      const script = repeating(requests[index]!)
      const scripts = Array.from({ length: connections }, () => script)
      await load(server, scripts, durationMs * 3)
      weights.busy[index]!.push(residentMb(server.pid))
      await server.stop()
    }
  }
  return weights
}

async function prepare(testbed: Testbed): Promise<Contenders> {
  const directory = testbed.directory('workplace')
  const environment = ourEnvironment('sqlite:./data/propusk.db')
  const own = await startOurs(directory, environment)
  await own.stop()
  const peer = await startBetterAuth(directory, { database: './auth.db' })
  const [person] = await peer.people(1)
  await peer.stop()
  const bare: ServerCommand = {
    name: 'bare Fastify',
    args: [await bundlePeer('bare-fastify', directory)],
    env: port => ({ PORT: String(port) }),
    readyPath: '/health/live',
  }
  const file = await bundlePeer('better-auth', directory)
  const theirs = betterAuthCommand(file, { database: './auth.db', migrated: true })
  return {
    commands: [ourCommand(environment), bare, theirs],
    directory,
    requests: [checkOf(own.admin), { path: '/health/live' }, theirProfileOf(person!)],
  }
}

function describe(count: number, ready: Figures, { idle, busy }: Weights): Finding {
  const sizes: Figures = [[ourInstalledMb()], [installedMb('fastify')], [installedMb('better-auth')]]
  const comparisons: Comparison[] = [
    {
      ...row('start.ready', 'ms', { en: 'Start, to ready', ru: 'Старт, до готовности' }, ready),
      targets: [
        { against: 'ceiling', bound: 'at most', ratio: 1.5 },
        { against: 'peer', bound: 'at most', ratio: 1 },
      ],
    },
    {
      ...row('memory.idle', 'MB', { en: 'Memory when idle', ru: 'Память в покое' }, idle),
      targets: [{ against: 'ceiling', bound: 'at most', ratio: 1.3 }],
    },
    row('memory.load', 'MB', { en: 'Memory under load', ru: 'Память под нагрузкой' }, busy),
    row('install', 'MB', { en: 'Installed, with all it needs', ru: 'Установка со всем нужным' }, sizes),
  ]
  return findingOf({
    title: 'Start, memory, installation',
    method: `${count} starts of each in turn, from the start of the process to its first 200: of /health/ready, of the one route of bare Fastify, of better-auth's own /ok. All three are bundled by the settings of our build; ours and better-auth have an account in their SQLite file. Idle memory after three seconds; under load, at the end of a run of ${connections} connections: access checks of ours, sessions of better-auth, one constant answer of bare Fastify.`,
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
  ceiling: { name: 'bare Fastify', rounds: floor },
  peer: { name: 'better-auth', rounds: peer },
})
