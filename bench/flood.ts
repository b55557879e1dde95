import type { Effort, Finding } from './bench.ts'
import { showFigure } from './support/finding-of.ts'
import { type Ground, onGround } from './support/ground.ts'
import { load, percentile, type Script } from './support/load.ts'
import {
  benchPassword,
  type OurServer,
  ourEnvironment,
  type SignedIn,
  startOurs,
} from './support/our-server.ts'
import { probeAtPace } from './support/paced-probe.ts'
import { requestBytes } from './support/request-bytes.ts'
import { interleave, type Rounds, roundsOf } from './support/rounds.ts'
import { summarise } from './support/statistics.ts'

/** Logins under way at any time, each of an account of its own, with the right password: each costs a whole hash. */
const flood = 64

/** 125 of each kind in a second: a server in use, not one at its limit. */
const everyMs = 8

interface Latencies {
  readonly checksMs: readonly number[]
  readonly profilesMs: readonly number[]
  /** Logins in a second, where there were some. */
  readonly loginRate: number
}

/** What access checks wait while everybody signs in at once. */
export const run = (effort: Effort): Promise<Finding> => onGround(ground => measure(ground, effort))

async function measure(ground: Ground, effort: Effort): Promise<Finding> {
  const server = ground.keep(
    await startOurs(ground.directory('ours'), ourEnvironment('sqlite:./data/propusk.db')),
  )
  const people = await server.people(effort.smoke ? 4 : flood)
  const rounds = floodRoundsOf(effort)
  const [quiet, flooded, alone] = await interleave<Latencies>(
    [
      { name: 'quiet', measure: durationMs => probe(server, durationMs) },
      { name: 'flooded', measure: durationMs => probeUnderFlood(server, people, durationMs) },
      {
        name: 'logins alone',
        measure: async durationMs => ({
          checksMs: [],
          profilesMs: [],
          loginRate: (await loginFlood(server, people, durationMs)).rate,
        }),
      },
    ],
    rounds,
  )
  return describe(rounds, quiet!, flooded!, alone!)
}

/** A 99th percentile needs its hundreds of answers in every round. */
const floodRoundsOf = (effort: Effort): Rounds => ({
  ...roundsOf(effort),
  ...(!effort.smoke && { durationMs: effort.quick ? 2_000 : 4_000 }),
})

const loginFlood = (server: OurServer, people: readonly SignedIn[], durationMs: number) =>
  load(server, people.map(loginScript), durationMs)

function loginScript({ email }: SignedIn): Script {
  const body = { email, password: benchPassword }
  const request = requestBytes({ method: 'POST', path: '/api/auth/login/', body })
  return { next: () => request }
}

async function probe(server: OurServer, durationMs: number): Promise<Latencies> {
  const headers = { Authorization: `Bearer ${server.admin.access}` }
  const body = { checks: [{ resource: 'users', action: 'read' }] }
  const check = requestBytes({ method: 'POST', path: '/api/auth/access/check/', headers, body })
  const profile = requestBytes({ path: '/api/auth/me/', headers })
  const [checksMs, profilesMs] = await Promise.all([
    probeAtPace(server.port, check, { everyMs, durationMs }),
    probeAtPace(server.port, profile, { everyMs, durationMs }),
  ])
  return { checksMs, profilesMs, loginRate: 0 }
}

async function probeUnderFlood(
  server: OurServer,
  people: readonly SignedIn[],
  durationMs: number,
): Promise<Latencies> {
  const [latencies, { rate }] = await Promise.all([
    probe(server, durationMs),
    loginFlood(server, people, durationMs),
  ])
  return { ...latencies, loginRate: rate }
}

type Kind = 'checksMs' | 'profilesMs'

const p99 = (rounds: readonly Latencies[], kind: Kind): number =>
  percentile(
    rounds.flatMap(round => round[kind]).sort((a, b) => a - b),
    0.99,
  )

const p50 = (rounds: readonly Latencies[], kind: Kind): number =>
  percentile(
    rounds.flatMap(round => round[kind]).sort((a, b) => a - b),
    0.5,
  )

function describe(
  { count, durationMs }: Rounds,
  quiet: readonly Latencies[],
  flooded: readonly Latencies[],
  alone: readonly Latencies[],
): Finding {
  const kinds = [
    ['POST /access/check/', 'checksMs'],
    ['GET /me/', 'profilesMs'],
  ] as const
  const ratios = kinds.map(([, kind]) => p99(flooded, kind) / p99(quiet, kind))
  const rates = (rounds: readonly Latencies[]) =>
    showFigure(summarise(rounds.map(({ loginRate }) => loginRate)).median)
  return {
    title: 'A flood of logins',
    method: `The 99th percentile of ${1000 / everyMs} requests of each kind in a second, quiet and while ${flood} logins are under way at any time, ${count} rounds of ${durationMs / 1000} s in turn; the load comes from another process on the same machine.`,
    headings: ['', 'quiet', 'under the flood', 'ratio'],
    rows: [
      ...kinds.map(([name, kind], index) => [
        `${name}, p99, ms`,
        showFigure(p99(quiet, kind)),
        showFigure(p99(flooded, kind)),
        ratios[index]!.toFixed(2),
      ]),
      ...kinds.map(([name, kind]) => [
        `${name}, median, ms`,
        showFigure(p50(quiet, kind)),
        showFigure(p50(flooded, kind)),
        (p50(flooded, kind) / p50(quiet, kind)).toFixed(2),
      ]),
      ['logins, /s', `${rates(alone)} (alone)`, rates(flooded), ''],
    ],
    targets: kinds.map(
      ([name], index) =>
        `Target: ${name} within 2 times its quiet p99. Now ${ratios[index]!.toFixed(2)} times.`,
    ),
  }
}
