import type { Effort, Finding } from './bench.ts'
import { type BetterAuth, type Person, startBetterAuth } from './support/better-auth-server.ts'
import type { Comparison, Target } from './support/comparison.ts'
import { findingOf } from './support/finding-of.ts'
import { type Load, load } from './support/load.ts'
import { type OurServer, ourEnvironment, type SignedIn, startOurs } from './support/our-server.ts'
import type { PlainRequest } from './support/request-bytes.ts'
import { checkOf, profileOf, repeating, theirCheckOf, theirProfileOf } from './support/requests.ts'
import { type Contender, interleave, roundsOf } from './support/rounds.ts'
import { startSameAnswers } from './support/same-answers.ts'
import type { StartedServer } from './support/start-server.ts'
import { onTestbed, type Testbed } from './support/testbed.ts'

/** Requests under way at any time, each on a connection of its own and with a token of its own. */
const concurrency = 32

const role = { name: 'Reader', code_name: 'reader', permissions: ['sessions:read'] }

const targets: readonly Target[] = [
  { against: 'ceiling', bound: 'at least', ratio: 0.5 },
  { against: 'peer', bound: 'at least', ratio: 15 },
]

/** May this caller do that, and who is it: over HTTP, with tokens that the server has seen before. */
export const run = (effort: Effort): Promise<Finding> => onTestbed(testbed => measure(testbed, effort))

interface Servers {
  readonly ours: OurServer
  readonly people: readonly SignedIn[]
  readonly bare: StartedServer
  readonly plain: BetterAuth
  readonly plainPeople: readonly Person[]
  readonly cached: BetterAuth
  readonly cachedPeople: readonly Person[]
}

async function measure(testbed: Testbed, effort: Effort): Promise<Finding> {
  const servers = await build(testbed, effort.smoke ? 2 : concurrency)
  const { ours, people, bare, plain, plainPeople, cached, cachedPeople } = servers
  const contenders = [
    contender(
      'POST /access/check/',
      ours,
      people.map(person => checkOf(person)),
    ),
    contender(
      'bare Fastify, check',
      bare,
      people.map(person => checkOf(person)),
    ),
    contender('better-auth, has-permission', plain, plainPeople.map(theirCheckOf)),
    contender('GET /me/', ours, people.map(profileOf)),
    contender('bare Fastify, me', bare, people.map(profileOf)),
    contender('better-auth, get-session', plain, plainPeople.map(theirProfileOf)),
    contender('better-auth, get-session from the cookie', cached, cachedPeople.map(theirProfileOf)),
  ]
  const loads = await interleave(contenders, roundsOf(effort))
  return describe(loads)
}

async function build(testbed: Testbed, count: number): Promise<Servers> {
  const ours = testbed.keep(
    await startOurs(testbed.directory('ours'), ourEnvironment('sqlite:./data/propusk.db')),
  )
  await ours.call('POST', '/roles/', ours.admin.access, role)
  const people = await ours.people(count, role.code_name)
  const asked = [checkOf(people[0]!), profileOf(people[0]!)]
  const bare = testbed.keep(await startSameAnswers(testbed.directory('bare'), ours.port, asked))
  const plain = testbed.keep(await startBetterAuth(testbed.directory('plain'), { database: './auth.db' }))
  const cached = testbed.keep(
    await startBetterAuth(testbed.directory('cached'), { database: './auth.db', cookieCache: true }),
  )
  const [plainPeople, cachedPeople] = [await plain.people(count), await cached.people(count)]
  return { ours, people, bare, plain, plainPeople, cached, cachedPeople }
}

function contender(name: string, server: StartedServer, requests: readonly PlainRequest[]): Contender<Load> {
  const scripts = requests.map(repeating)
  return { name, measure: durationMs => load(server, scripts, durationMs) }
}

function describe(loads: readonly (readonly Load[])[]): Finding {
  const [check, bareCheck, permission, profile, bareProfile, session, cookie] = loads.map(rounds =>
    rounds.map(({ rate }) => rate),
  )
  const comparisons: Comparison[] = [
    {
      key: 'check.http',
      what: { en: 'Access check, POST /access/check/', ru: 'Проверка доступа, POST /access/check/' },
      unit: '/s',
      ours: check!,
      ceiling: { name: 'bare Fastify', rounds: bareCheck! },
      peer: { name: 'better-auth has-permission', rounds: permission! },
      targets,
    },
    {
      key: 'me.http',
      what: { en: 'Own profile, GET /me/', ru: 'Свой профиль, GET /me/' },
      unit: '/s',
      ours: profile!,
      ceiling: { name: 'bare Fastify', rounds: bareProfile! },
      peer: { name: 'better-auth get-session', rounds: session! },
    },
    {
      key: 'me.http.cookie',
      what: {
        en: 'Own profile, against a session that is believed from a cookie',
        ru: 'Свой профиль против сессии, которой верят из cookie',
      },
      unit: '/s',
      ours: profile!,
      peer: { name: 'better-auth get-session, cookie cache', rounds: cookie! },
    },
  ]
  return findingOf({
    title: 'Access check over HTTP',
    method: `${concurrency} connections on loopback from a second process, each with a token of its own; SQLite; every server logs from warn up, so no line for a request; the ceiling answers the same bytes, head and body.`,
    comparisons,
    notes: [
      "better-auth's permission call always reads the database. Its get-session is compared with the cookie cache off, where an ended session is refused at once as ours is; with it on, an ended session is believed for five minutes.",
      busyness(loads.flat()),
    ],
  })
}

/** Says which side was the bound: a generator near 100 % would have measured itself. */
function busyness(loads: readonly Load[]): string {
  const percent = (share: number) => `${Math.round(share * 100)} %`
  const most = Math.max(...loads.map(load => load.generatorShare))
  const least = Math.min(...loads.map(load => load.serverShare ?? Number.NaN))
  const servers = Number.isNaN(least) ? '' : `, each server for at least ${percent(least)}`
  return `The load generator was busy for at most ${percent(most)} of one core${servers}.`
}
