import type { Effort, Finding } from './bench.ts'
import { startBetterAuth } from './support/better-auth-server.ts'
import type { Comparison } from './support/comparison.ts'
import { findingOf, showFigure } from './support/finding-of.ts'
import { load, percentile } from './support/load.ts'
import { ourEnvironment, startOurs } from './support/our-server.ts'
import { probeAtPace } from './support/paced-probe.ts'
import { type PlainRequest, requestBytes } from './support/request-bytes.ts'
import {
  checkOf,
  loginOf,
  profileOf,
  repeating,
  theirCheckOf,
  theirLoginOf,
  theirProfileOf,
} from './support/requests.ts'
import { interleave, type Rounds, roundsOf } from './support/rounds.ts'
import type { StartedServer } from './support/start-server.ts'
import { summarise } from './support/statistics.ts'
import { onTestbed, type Testbed } from './support/testbed.ts'

/** Logins under way at any time, each of an account of its own, with the right password: each costs a whole hash. */
const flood = 64

/** 125 of each kind in a second: a server in use, not one at its limit. */
const everyMs = 8

/** Accounts of better-auth that the logins share: each takes it a tenth of a second to make. */
const theirAccounts = 8

interface Latencies {
  readonly checksMs: readonly number[]
  readonly profilesMs: readonly number[]
  /** Logins in a second, where there were some. */
  readonly loginRate: number
}

/** A server, what is asked of it at a steady pace, and the logins that it may have to answer meanwhile. */
interface Scene {
  readonly server: StartedServer
  readonly check: PlainRequest
  readonly profile: PlainRequest
  readonly logins: readonly PlainRequest[]
}

/** What access checks wait while everybody signs in at once. */
export const run = (effort: Effort): Promise<Finding> => onTestbed(testbed => measure(testbed, effort))

async function measure(testbed: Testbed, effort: Effort): Promise<Finding> {
  const count = effort.smoke ? 4 : flood
  const ours = await ourScene(testbed, count)
  const theirs = await theirScene(testbed, count)
  const rounds = floodRoundsOf(effort)
  const [quiet, flooded, theirFlooded] = await interleave<Latencies>(
    [
      { name: 'quiet', measure: durationMs => probe(ours, durationMs) },
      { name: 'flooded', measure: durationMs => probeUnderFlood(ours, durationMs) },
      { name: 'better-auth, flooded', measure: durationMs => probeUnderFlood(theirs, durationMs) },
    ],
    rounds,
  )
  return describe(rounds, quiet!, flooded!, theirFlooded!)
}

/** A 99th percentile needs its hundreds of answers in every round. After each, better-auth answers its last logins for 6 s. */
const floodRoundsOf = (effort: Effort): Rounds => ({
  ...roundsOf(effort),
  ...(!effort.smoke && (effort.quick ? { count: 2, durationMs: 1_500 } : { durationMs: 4_000 })),
})

async function ourScene(testbed: Testbed, count: number): Promise<Scene> {
  const server = testbed.keep(
    await startOurs(testbed.directory('ours'), ourEnvironment('sqlite:./data/propusk.db')),
  )
  const people = await server.people(count)
  return {
    server,
    check: checkOf(server.admin),
    profile: profileOf(server.admin),
    logins: people.map(({ email }) => loginOf(email)),
  }
}

async function theirScene(testbed: Testbed, count: number): Promise<Scene> {
  const server = testbed.keep(await startBetterAuth(testbed.directory('theirs'), { database: './auth.db' }))
  const people = await server.people(Math.min(count, theirAccounts))
  const [person] = people
  return {
    server,
    check: theirCheckOf(person!),
    profile: theirProfileOf(person!),
    logins: Array.from({ length: count }, (_, index) => theirLoginOf(people[index % people.length]!)),
  }
}

async function probe({ server, check, profile }: Scene, durationMs: number): Promise<Latencies> {
  const [checksMs, profilesMs] = await Promise.all(
    [check, profile].map(asked => probeAtPace(server.port, requestBytes(asked), { everyMs, durationMs })),
  )
  return { checksMs: checksMs!, profilesMs: profilesMs!, loginRate: 0 }
}

async function probeUnderFlood(scene: Scene, durationMs: number): Promise<Latencies> {
  const [latencies, { rate }] = await Promise.all([
    probe(scene, durationMs),
    load(scene.server, scene.logins.map(repeating), durationMs),
  ])
  return { ...latencies, loginRate: rate }
}

type Kind = 'checksMs' | 'profilesMs'

const each = (rounds: readonly Latencies[], kind: Kind, share: number): number[] =>
  rounds.map(round =>
    percentile(
      round[kind].toSorted((a, b) => a - b),
      share,
    ),
  )

function describe(
  { count, durationMs }: Rounds,
  quiet: readonly Latencies[],
  flooded: readonly Latencies[],
  theirFlooded: readonly Latencies[],
): Finding {
  const row = (key: string, kind: Kind, what: Comparison['what'], theirCall: string): Comparison => ({
    key,
    what,
    unit: 'ms',
    ours: each(flooded, kind, 0.99),
    ceiling: { name: 'without logins', rounds: each(quiet, kind, 0.99) },
    peer: { name: `better-auth ${theirCall}`, rounds: each(theirFlooded, kind, 0.99) },
  })
  const median = (rounds: readonly Latencies[], kind: Kind) =>
    showFigure(summarise(each(rounds, kind, 0.5)).median)
  const rate = (rounds: readonly Latencies[]) =>
    showFigure(summarise(rounds.map(({ loginRate }) => loginRate)).median)
  return findingOf({
    title: 'A flood of logins',
    method: `The 99th percentile of ${1000 / everyMs} requests of each kind in a second while ${flood} logins are under way at any time, ${count} rounds of ${durationMs / 1000} s in turn; the ceiling is the same server without logins, the peer has as many logins; SQLite; the load comes from another process on the same machine.`,
    comparisons: [
      {
        ...row(
          'flood.check.p99',
          'checksMs',
          {
            en: `Access check while ${flood} logins run, p99`,
            ru: `Проверка доступа, пока идут ${flood} входа, p99`,
          },
          'has-permission',
        ),
        targets: [
          { against: 'itself', bound: 'at most', figure: 25 },
          { against: 'ceiling', bound: 'at most', ratio: 6 },
        ],
      },
      row(
        'flood.me.p99',
        'profilesMs',
        {
          en: `Own profile while ${flood} logins run, p99`,
          ru: `Свой профиль, пока идут ${flood} входа, p99`,
        },
        'get-session',
      ),
    ],
    notes: [
      `Medians, without logins and with them: access check ${median(quiet, 'checksMs')} and ${median(flooded, 'checksMs')} ms, own profile ${median(quiet, 'profilesMs')} and ${median(flooded, 'profilesMs')} ms; better-auth with them: ${median(theirFlooded, 'checksMs')} and ${median(theirFlooded, 'profilesMs')} ms. Logins meanwhile: ${rate(flooded)}/s, better-auth ${rate(theirFlooded)}/s.`,
    ],
  })
}
