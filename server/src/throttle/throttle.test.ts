import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { stoppedClock } from '../../../test/support/stopped-clock.ts'
import { cheapHasher, testWorld, type World } from '../../../test/support/world.ts'
import { runHousekeeping } from '../housekeeping.ts'
import type { PasswordHasher } from '../identity/index.ts'
import { Rejection } from '../kernel/index.ts'

const quiet = { PROPUSK_LOG_LEVEL: 'error' }

describe('failed sign-ins without end', async () => {
  const clock = stoppedClock()
  const env = { ...quiet, PROPUSK_TRUST_PROXY: '127.0.0.1', PROPUSK_GUESSES_PER_PASSWORD: 'off' }
  const world = await testWorld({ clock, env })
  const { core, server } = world
  const rows = async (table: 'throttle_counters' | 'audit_events') =>
    (await core.database.read.selectFrom(table).select('id').execute()).length

  /** As if many thousands had been before: a row for each. */
  const fill = (count: number) =>
    core.database.transaction(async trx => {
      const perInsert = 1_000
      for (let made = 0; made < count; made += perInsert) {
        const values = Array.from({ length: perInsert }, (_, index) => ({
          kind: 'account',
          subject: `before-${made + index}@example.com`,
          failures: 1,
          counted_at: clock.nowMs(),
          blocked_until: null,
          is_refused: false,
        }))
        await trx.insertInto('throttle_counters').values(values).execute()
      }
    })

  const attempts = 1_200

  it('failed sign-ins leave a bounded number of rows, and still count the attacked account', async () => {
    const email = 'guessed@example.com'
    const login = (address: string, from: string) =>
      world.call('POST', '/login/', {
        body: { email: address, password: 'wrong wrong' },
        headers: { 'x-forwarded-for': from },
      })
    for (let tries = 0; tries < 6; tries++) await login(email, `198.18.0.${tries}`)
    await fill(30_000)
    const inTurns = 100
    for (let made = 0; made < attempts; made += inTurns) {
      await Promise.all(
        Array.from({ length: inTurns }, (_, index) => {
          const one = made + index
          return login(`nobody-${one}@example.com`, `10.0.${one >> 8}.${one & 255}`)
        }),
      )
    }
    assert.ok((await rows('throttle_counters')) <= 20_500, String(await rows('throttle_counters')))
    assert.ok((await rows('audit_events')) <= 1_010, String(await rows('audit_events')))
    assert.equal((await login(email, '198.18.1.1')).status, 429)
  })

  it('failed sign-ins beyond the hourly limit of audit events are reported as a count', async () => {
    await server.housekeeping.look()
    const { access: token } = await world.superuser()
    const { body } = await world.call('GET', '/audit/?action=user.login_failed&limit=200', { token })
    const unrecorded = body.results.reduce(
      (sum: number, event: { details: { unrecorded?: number } }) => sum + (event.details.unrecorded ?? 0),
      0,
    )
    // Six guesses at the account and the wait that they began are among the first thousand.
    assert.equal(unrecorded, attempts + 7 - 1_000)
  })

  it('the count of unreported failed sign-ins is written when the server stops', async () => {
    const unrecordedTotal = async ({ core }: World) => {
      const rows = await core.database.read
        .selectFrom('audit_events')
        .select('details')
        .where('action', '=', 'user.login_failed')
        .execute()
      return rows.reduce((sum, row) => sum + (JSON.parse(row.details).unrecorded ?? 0), 0)
    }
    const before = await unrecordedTotal(world)
    const { databaseUrl } = core.config
    const other = await testWorld({ databaseUrl, clock, env })
    const missed = 7
    for (let made = 0; made < 1_000 + missed; made++) {
      await other.call('POST', '/login/', {
        body: { email: `stopped-${made}@example.com`, password: 'wrong wrong' },
        headers: { 'x-forwarded-for': `10.9.${made >> 8}.${made & 255}` },
      })
    }
    await other.close()
    assert.equal((await unrecordedTotal(world)) - before, missed)
  })

  it('are gone from the counters by housekeeping once they are forgotten', async () => {
    clock.advance(24 * 3_600_000)
    await runHousekeeping({ ...core, rotateDueKey: () => server.keys.rotateIfDue() })
    assert.equal(await rows('throttle_counters'), 0)
  })
})

describe('an attempt that is rejected because too many hashes wait', async () => {
  const real = cheapHasher()
  let isFull = false
  const full = async () => {
    if (isFull) throw new Rejection('unavailable', { retryAfterSeconds: 1 })
  }
  const hasher: PasswordHasher = {
    load: { waiting: 0, running: 0 },
    evenOut: stored => real.evenOut(stored),
    hash: presented => real.hash(presented),
    verify: (presented, stored, isOpen) => full().then(() => real.verify(presented, stored, isOpen)),
    verifyNothing: presented => full().then(() => real.verifyNothing(presented)),
  }
  const world = await testWorld({ hasher, clock: stoppedClock(), env: quiet })

  it('an attempt that was never checked counts for nothing: after a flood the owner does not wait', async () => {
    const { email, password, access: token } = await world.register()
    isFull = true
    const body = { current_password: password, password: 'a longer new one', password2: 'a longer new one' }
    for (let tries = 0; tries < 10; tries++) {
      assert.equal((await world.call('POST', '/login/', { body: { email, password } })).status, 503)
      assert.equal((await world.call('POST', '/me/password/', { token, body })).status, 503)
    }
    isFull = false
    assert.equal((await world.call('POST', '/login/', { body: { email, password } })).status, 200)
    const left = await world.core.database.read
      .selectFrom('throttle_counters')
      .select(['kind', 'failures'])
      .execute()
    for (const { kind, failures } of left) {
      if (kind !== 'registration' && kind !== 'password_change') assert.equal(failures, 0, kind)
    }
  })
})
