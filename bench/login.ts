import type { Effort, Finding } from './bench.ts'
import { startBetterAuth } from './support/better-auth-server.ts'
import { findingOf } from './support/finding-of.ts'
import { load } from './support/load.ts'
import { ourEnvironment, startOurs } from './support/our-server.ts'
import { startRawArgon2 } from './support/raw-argon2.ts'
import type { PlainRequest } from './support/request-bytes.ts'
import { loginOf, repeating, theirLoginOf } from './support/requests.ts'
import { type Contender, interleave, roundsOf } from './support/rounds.ts'
import type { StartedServer } from './support/start-server.ts'
import { onTestbed, type Testbed } from './support/testbed.ts'

/** Logins under way at any time: enough that no core ever waits for the next one. */
const concurrency = 8

/** Signing in with the right password, against the hash alone. */
export const run = (effort: Effort): Promise<Finding> => onTestbed(testbed => measure(testbed, effort))

async function measure(testbed: Testbed, effort: Effort): Promise<Finding> {
  const count = effort.smoke ? 1 : concurrency
  const ours = testbed.keep(
    await startOurs(testbed.directory('ours'), ourEnvironment('sqlite:./data/propusk.db')),
  )
  const raw = testbed.keep(await startRawArgon2(testbed.directory('raw')))
  const theirs = testbed.keep(await startBetterAuth(testbed.directory('theirs'), { database: './auth.db' }))
  const people = await ours.people(count)
  const theirPeople = await theirs.people(count)
  const [logins, hashes, theirLogins] = await interleave(
    [
      contender(
        'login',
        ours,
        people.map(person => loginOf(person.email)),
      ),
      { name: 'raw Argon2id', measure: raw.rate },
      contender('better-auth, sign-in', theirs, theirPeople.map(theirLoginOf)),
    ],
    roundsOf(effort),
  )
  return describe(logins!, hashes!, theirLogins!)
}

function contender(name: string, server: StartedServer, requests: readonly PlainRequest[]): Contender {
  const scripts = requests.map(repeating)
  return { name, measure: async durationMs => (await load(server, scripts, durationMs)).rate }
}

const describe = (ours: readonly number[], hashes: readonly number[], theirs: readonly number[]): Finding =>
  findingOf({
    title: 'Login',
    method: `POST /login/ with the right password, ${concurrency} under way, SQLite, log level warn. The ceiling is @node-rs/argon2 at the same parameters (19 MiB, 2 passes, 1 lane), one hash for each core.`,
    comparisons: [
      {
        key: 'login',
        what: { en: 'Login', ru: 'Вход' },
        unit: '/s',
        ours,
        ceiling: { name: 'raw Argon2id', rounds: hashes },
        peer: { name: 'better-auth sign-in', rounds: theirs },
        targets: [{ against: 'ceiling', bound: 'at least', ratio: 0.95 }],
      },
    ],
    notes: [
      "better-auth hashes with its own default, scrypt of 32 MiB (N 16384, r 16, p 1), in Node's thread pool.",
    ],
  })
