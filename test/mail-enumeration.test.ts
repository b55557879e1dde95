import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { after, describe, it } from 'node:test'
import { sentProof, withMuchMail } from './support/proofs.ts'
import { unthrottled } from './support/throttle.ts'
import { goodPassword, testWorld } from './support/world.ts'

const count = 200

/** The probability of ranks as uneven as these where both come from one distribution (Mann and Whitney, 1947; normal approximation). */
function rankProbability(one: readonly number[], other: readonly number[]): number {
  const all = [
    ...one.map(value => ({ value, isOne: true })),
    ...other.map(value => ({ value, isOne: false })),
  ]
  all.sort((left, right) => left.value - right.value)
  const sum = all.reduce((total, { isOne }, at) => (isOne ? total + at + 1 : total), 0)
  const [n, m] = [one.length, other.length]
  const z = (sum - (n * (n + m + 1)) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12)
  // Abramowitz and Stegun 7.1.26: the complementary error function to seven places.
  const x = Math.abs(z) / Math.SQRT2
  const t = 1 / (1 + 0.3275911 * x)
  const polynomial =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
  return polynomial * Math.exp(-x * x)
}

/** A mail server that takes connections and never says a word. */
async function hangingServer(): Promise<number> {
  const server = createServer(socket => socket.on('error', () => {}))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  after(() => server.close())
  return (server.address() as AddressInfo).port
}

describe('a call that may send a mail, while the mail server hangs', async () => {
  const PROPUSK_MAIL_URL = `smtp://127.0.0.1:${await hangingServer()}`
  const env = { ...unthrottled, ...withMuchMail, PROPUSK_MAIL_URL, PROPUSK_REGISTRATION: 'verified' }
  const world = await testWorld({ env })
  const passwords = { password: goodPassword, password2: goodPassword }
  const addressOf = (isKnown: boolean, at: number) => `${isKnown ? 'known' : 'other'}-${at}@example.com`
  for (let at = 0; at < count; at++) {
    const email = addressOf(true, at)
    await world.call('POST', '/register/', { body: { email, ...passwords } })
    const { token } = await sentProof(world, 'registration', email)
    assert.equal((await world.call('POST', '/email/verify/', { body: { token } })).status, 204)
  }

  const { access: token } = await world.login({ email: addressOf(true, 0), password: goodPassword })
  const calls: Readonly<Record<string, (email: string) => object>> = {
    '/register/': email => ({ email, ...passwords }),
    '/password/reset/request/': email => ({ email }),
    '/login/code/request/': email => ({ email }),
    // By a person who is signed in, and has another address than all of these.
    '/me/email/': email => ({ email: email.replace('known-0@', 'known-1@') }),
  }

  /** Known and unknown addresses by turns, so that what the machine does meanwhile falls on both. */
  const ask = async (path: string, body: (email: string) => object) => {
    const seen = new Set<string>()
    const times: Record<'known' | 'other', number[]> = { known: [], other: [] }
    for (let at = 0; at < 2 * count; at++) {
      // In pairs that begin now with the one, now with the other.
      const isKnown = at % 4 === 0 || at % 4 === 3
      const email = addressOf(isKnown, Math.floor(at / 2))
      const beforeMs = performance.now()
      const answer = await world.call('POST', path, {
        body: body(email),
        ...(path.startsWith('/me/') && { token }),
      })
      times[isKnown ? 'known' : 'other'].push(performance.now() - beforeMs)
      const { date: _, ...headers } = answer.headers
      seen.add(JSON.stringify([answer.status, answer.text, headers]))
    }
    return { seen, probability: rankProbability(times.known, times.other) }
  }

  for (const [path, body] of Object.entries(calls)) {
    it(`answers ${count} known and ${count} unknown addresses the same, in the same time: ${path}`, async () => {
      // What else runs on the machine may fall on one of them: three in a row say something.
      const probabilities: number[] = []
      for (let round = 0; round < 3; round++) {
        const { seen, probability } = await ask(path, body)
        assert.equal(seen.size, 1, [...seen].join('\n'))
        probabilities.push(probability)
        if (probability > 0.01) return
      }
      assert.fail(`the ranks of the times differ: p = ${probabilities.join(', ')}`)
    })
  }

  it('leaves no link and no code in the database', async () => {
    const email = addressOf(true, 0)
    await world.call('POST', '/password/reset/request/', { body: { email } })
    const { token, code } = await sentProof(world, 'password_reset', email)
    const { read } = world.core.database
    const tables = ['proofs', 'mail_outbox', 'audit_events', 'users', 'throttle_counters'] as const
    for (const table of tables) {
      const rows = JSON.stringify(await read.selectFrom(table).selectAll().execute())
      assert.equal(
        rows.includes(token) || rows.includes(token.split('.')[1]!) || rows.includes(code),
        false,
        table,
      )
    }
    assert.equal(world.log.join('').includes(token), false)
  })
})
