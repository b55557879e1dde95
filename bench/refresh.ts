import { join } from 'node:path'
import type { Effort, Finding } from './bench.ts'
import { barePostgres, barePostgresInOne, bareSqlite } from './support/bare-rotation.ts'
import { startBenchPostgres } from './support/bench-postgres.ts'
import { startBetterAuth } from './support/better-auth-server.ts'
import type { Comparison, Target } from './support/comparison.ts'
import { findingOf } from './support/finding-of.ts'
import { load, type Script } from './support/load.ts'
import { startOidcProvider } from './support/oidc-provider-server.ts'
import { ourEnvironment, startOurs } from './support/our-server.ts'
import { betterAuthRefresh, oidcRefresh, ourRefresh } from './support/refresh-scripts.ts'
import { type Contender, interleave, roundsOf } from './support/rounds.ts'
import type { StartedServer } from './support/start-server.ts'
import { onTestbed, type Testbed } from './support/testbed.ts'

/** Sessions that refresh at the same time, each one refresh after the other. */
const concurrency = 32

const ceilingTarget: Target = { against: 'ceiling', bound: 'at least', ratio: 0.7 }
const peerTarget: Target = { against: 'peer', bound: 'at least', ratio: 8 }

/** A refresh with rotation, durable: the answer comes after the disk has it. */
export const run = (effort: Effort): Promise<Finding> =>
  onTestbed(async testbed => {
    const count = effort.smoke ? 2 : concurrency
    const sqlite = await interleave(await onSqlite(testbed, count), roundsOf(effort))
    const postgres = await interleave(await onPostgres(testbed, count, effort), roundsOf(effort))
    return describe(sqlite, postgres)
  })

async function onSqlite(testbed: Testbed, count: number): Promise<Contender[]> {
  const directory = testbed.directory('ours')
  const ours = testbed.keep(await startOurs(directory, ourEnvironment('sqlite:./data/propusk.db')))
  const file = join(directory, 'data', 'propusk.db')
  const single = testbed.keep(await bareSqlite(file, await ours.people(count), 1))
  const shared = testbed.keep(await bareSqlite(file, await ours.people(count), count))
  const theirs = testbed.keep(
    await startBetterAuth(testbed.directory('better-auth'), { database: './auth.db', refreshAlways: true }),
  )
  const oidc = testbed.keep(await startOidcProvider(testbed.directory('oidc'), count))
  return [
    contender('refresh on SQLite', ours, (await ours.people(count)).map(ourRefresh)),
    { name: 'node:sqlite, one in a commit', measure: single.rate },
    { name: `node:sqlite, ${count} in a commit`, measure: shared.rate },
    contender('better-auth on SQLite', theirs, (await theirs.people(count)).map(betterAuthRefresh)),
    contender('oidc-provider on SQLite', oidc, oidc.tokens.map(oidcRefresh)),
  ]
}

async function onPostgres(testbed: Testbed, count: number, effort: Effort): Promise<Contender[]> {
  const postgres = testbed.keep(await startBenchPostgres(effort))
  const [url, theirUrl] = [await postgres.database(), await postgres.database()]
  const ours = testbed.keep(await startOurs(testbed.directory('ours-postgres'), ourEnvironment(url)))
  const bare = testbed.keep(await barePostgres(url, await ours.people(count)))
  const bareInOne = testbed.keep(await barePostgresInOne(url, await ours.people(count)))
  const theirs = testbed.keep(
    await startBetterAuth(testbed.directory('better-auth-postgres'), {
      database: theirUrl,
      refreshAlways: true,
    }),
  )
  return [
    contender('refresh on PostgreSQL', ours, (await ours.people(count)).map(ourRefresh)),
    { name: 'pg, prepared', measure: bare.rate },
    { name: 'pg, in one statement', measure: bareInOne.rate },
    contender('better-auth on PostgreSQL', theirs, (await theirs.people(count)).map(betterAuthRefresh)),
  ]
}

const contender = (name: string, server: StartedServer, scripts: readonly Script[]): Contender => ({
  name,
  measure: async durationMs => (await load(server, scripts, durationMs)).rate,
})

function describe(sqlite: readonly (readonly number[])[], postgres: readonly (readonly number[])[]): Finding {
  const [ours, single, shared, theirs, oidc] = sqlite
  const [oursPg, barePg, barePgInOne, theirsPg] = postgres
  const comparisons: Comparison[] = [
    {
      key: 'refresh.sqlite',
      what: { en: 'Refresh with rotation, SQLite', ru: 'Обновление с ротацией, SQLite' },
      unit: '/s',
      ours: ours!,
      ceiling: { name: 'the statements on node:sqlite', rounds: single! },
      peer: { name: 'better-auth', rounds: theirs! },
      targets: [ceilingTarget, peerTarget],
    },
    {
      key: 'refresh.sqlite.shared',
      what: {
        en: `The same, the ceiling with ${concurrency} in a commit`,
        ru: `То же, у потолка ${concurrency} в одном коммите`,
      },
      unit: '/s',
      ours: ours!,
      ceiling: { name: 'the statements on node:sqlite', rounds: shared! },
      peer: { name: 'oidc-provider', rounds: oidc! },
    },
    {
      key: 'refresh.postgres',
      what: { en: 'Refresh with rotation, PostgreSQL', ru: 'Обновление с ротацией, PostgreSQL' },
      unit: '/s',
      ours: oursPg!,
      ceiling: { name: 'the statements on pg', rounds: barePg! },
      peer: { name: 'better-auth', rounds: theirsPg! },
      targets: [ceilingTarget, peerTarget],
    },
    {
      key: 'refresh.postgres.one_statement',
      what: {
        en: 'The same, the ceiling in one statement as ours',
        ru: 'То же, у потолка одна команда, как у нас',
      },
      unit: '/s',
      ours: oursPg!,
      ceiling: { name: 'the one statement on pg', rounds: barePgInOne! },
    },
  ]
  return findingOf({
    title: 'Refresh with rotation',
    method: `POST /token/refresh/, ${concurrency} sessions at a time; every commit waits for the disk, on every side. The ceiling runs the statements of a rotation as our own stores write them, prepared, in a transaction, on the bare driver and the same database: no HTTP, and none of the three signatures that a rotation checks and makes. Log level warn.`,
    comparisons,
    notes: [
      'better-auth does not rotate: its refresh is a get-session that moves the end of the session (updateAge 0). oidc-provider rotates and signs one token; its store here is ours, prepared statements on node:sqlite, since its own forgets everything.',
    ],
  })
}
