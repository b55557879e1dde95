import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sql } from 'kysely'
import { engines } from '../../../test/support/engines.ts'
import { testClock, testWorld, type World } from '../../../test/support/world.ts'
import { HourCounter } from '../audit/index.ts'
import { chartedActions } from './read-statistics.ts'

const hourMs = 3_600_000

interface Event {
  readonly at: number
  readonly action: string
}

/** Writes events as they are, whatever hour they name. */
async function write({ core }: World, events: readonly Event[]): Promise<void> {
  for (let start = 0; start < events.length; start += 500) {
    const rows = events.slice(start, start + 500).map(event => ({
      ...event,
      actor: null,
      target: null,
      outcome: 'success',
      ip_address: null,
      user_agent: null,
      details: '{}',
    }))
    await core.database.transaction(trx => trx.insertInto('audit_events').values(rows).execute())
  }
}

/** What a count over the whole audit says, the slow way. */
async function bruteForce({ core }: World, sinceMs: number, stepMs: number, count: number) {
  const events = await core.database.read.selectFrom('audit_events').select(['at', 'action']).execute()
  const countOf = (action: string, fromMs: number) =>
    events.filter(event => event.action === action && event.at >= fromMs && event.at < fromMs + stepMs).length
  return Array.from({ length: count }, (_, step) => {
    const fromMs = sinceMs + step * stepMs
    return {
      at: new Date(fromMs).toISOString(),
      sign_ins: countOf(chartedActions.signIns, fromMs),
      failed_sign_ins: countOf(chartedActions.failedSignIns, fromMs),
      refusals: countOf(chartedActions.refusals, fromMs),
      registrations: countOf(chartedActions.registrations, fromMs),
      token_reuse: countOf(chartedActions.tokenReuse, fromMs),
    }
  })
}

const acts = [...Object.values(chartedActions), 'user.update', 'session.end']

/** Each hour of thirty days, some of them often, in no order. */
const pastEvents = (nowMs: number, count: number): readonly Event[] =>
  Array.from({ length: count }, (_, index) => ({
    at: nowMs - ((index * 7_919_123) % (31 * 24 * hourMs)),
    action: acts[(index * 31) % acts.length]!,
  }))

/** The same acts over a month, made by the database itself. */
async function writeMany({ core, clock }: World, count: number): Promise<void> {
  const action = acts.map((act, index) => sql`when ${sql.lit(index)} then ${sql.lit(act)}`)
  // In portions: on a slow machine one statement for all would take longer than the store lets it.
  for (let from = 1; from <= count; from += 5_000) {
    const to = Math.min(count, from + 4_999)
    await core.database.transaction(trx =>
      sql`insert into audit_events (at, action, outcome, details)
      with recursive n (i) as (select ${sql.lit(from)} union all select i + 1 from n where i < ${sql.lit(to)})
      select ${sql.lit(clock.nowMs())} - cast(i as bigint) * 59000, case i % ${sql.lit(acts.length)} ${sql.join(action, sql` `)} end, 'success', '{}'
      from n`.execute(trx),
    )
  }
}

for (const engine of engines) {
  describe(`statistics, on ${engine}`, async () => {
    const clock = testClock()
    const world = await testWorld({ engine, clock })
    const { core, server } = world
    const auditor = await world.withPermissions('audit:read')

    const read = async (hours?: number) => {
      const { access } = await world.login(auditor)
      const query = hours === undefined ? '' : `?hours=${hours}`
      const answer = await world.call('GET', `/statistics/${query}`, { token: access })
      assert.equal(answer.status, 200, answer.text)
      return answer.body
    }
    const isTrue = async (hours?: number) => {
      const body = await read(hours)
      const { since, step_seconds, buckets } = body
      const expected = await bruteForce(world, Date.parse(since), step_seconds * 1000, buckets.length)
      assert.deepEqual(buckets, expected)
      return body
    }
    const minutes = async (count: number) => {
      for (let minute = 0; minute < count; minute++) {
        clock.advance(60_000)
        await server.housekeeping.look()
      }
    }
    const countedRange = () => core.stores.hourCounts.countedRange()

    it('count by the hour up to three days, then by the day, and the last step is under way', async () => {
      for (const [hours, step, count] of [
        [undefined, 3600, 24],
        [1, 3600, 1],
        [72, 3600, 72],
        [73, 86_400, 4],
        [720, 86_400, 30],
      ] as const) {
        const body = await read(hours)
        assert.deepEqual([body.step_seconds, body.buckets.length], [step, count])
        const lastMs = Date.parse(body.buckets.at(-1).at)
        const untilMs = Date.parse(body.until)
        assert.ok(lastMs <= untilMs && untilMs < lastMs + step * 1000)
        assert.equal(lastMs % (step * 1000), 0)
        assert.equal(body.since, body.buckets[0].at)
      }
    })

    it('equal a count over the audit before anything was tallied', async () => {
      await write(world, pastEvents(clock.nowMs(), 3_000))
      assert.equal(await countedRange(), undefined)
      const { is_complete, buckets } = await isTrue(720)
      assert.equal(is_complete, true)
      assert.ok(buckets.every((bucket: { sign_ins: number }) => bucket.sign_ins > 0))
      await isTrue(24)
    })

    it('equal it when the past has been tallied, and read no event of it again', async () => {
      await minutes(2)
      const { fromId, throughId } = (await countedRange())!
      assert.equal(fromId, 0)
      assert.ok(throughId >= 3_000)
      assert.equal((await isTrue(720)).is_complete, true)
      const tallied = await core.database.read
        .selectFrom('audit_hours')
        .select(({ fn }) => fn.sum<string>('count').as('sum'))
        .executeTakeFirstOrThrow()
      const events = await core.database.read
        .selectFrom('audit_events')
        .select('id')
        .where('id', '<=', throughId)
        .execute()
      assert.equal(Number(tallied.sum), events.length)
    })

    it('lose no event that names an hour long gone, or one to come', async () => {
      const nowMs = clock.nowMs()
      await write(world, [
        ...pastEvents(nowMs, 500),
        { at: nowMs + 30 * 60_000, action: 'user.login' },
        { at: nowMs + 14 * hourMs, action: 'user.login' },
      ])
      await isTrue(720)
      await minutes(3)
      await isTrue(720)
      clock.advance(15 * hourMs)
      await minutes(3)
      await isTrue(48)
    })

    it('count what happens through the API', async () => {
      // So that the hour does not end on the way.
      clock.advance(hourMs - (clock.nowMs() % hourMs))
      const before = (await read(1)).buckets[0]
      const person = await world.register()
      await world.login(person)
      await world.call('POST', '/login/', { body: { email: person.email, password: 'not this one' } })
      await world.call('GET', '/users/', { token: person.access })
      const after = (await isTrue(1)).buckets[0]
      assert.equal(after.at, before.at)
      // `read` signs in, too.
      assert.equal(after.sign_ins - before.sign_ins, 2)
      assert.equal(after.failed_sign_ins - before.failed_sign_ins, 1)
      assert.equal(after.refusals - before.refusals, 1)
      assert.equal(after.registrations - before.registrations, 1)
    })

    it('count users and live sessions, at most ten seconds late', async () => {
      clock.advance(10_000)
      const before = await read()
      const gone = await world.register()
      await world.call('DELETE', '/me/', { token: gone.access })
      assert.deepEqual((await read()).users, before.users)
      clock.advance(10_000)
      const { users, sessions } = await read()
      assert.deepEqual(users, { total: before.users.total + 1, active: before.users.active })
      const live = await core.database.read
        .selectFrom('sessions')
        .select('id')
        .where('is_active', '=', true)
        .where('expires_at', '>', clock.nowMs())
        .execute()
      assert.equal(sessions.active, live.length)
    })

    it('count accounts and addresses that have to wait, and nothing else that does', async () => {
      const counter = (kind: string, subject: string, blockedForMs: number) => ({
        kind,
        subject,
        failures: 9,
        counted_at: clock.nowMs(),
        blocked_until: clock.nowMs() + blockedForMs,
        is_refused: false,
      })
      await core.database.transaction(trx =>
        trx
          .insertInto('throttle_counters')
          .values([
            counter('account', 'one@example.com', hourMs),
            counter('account', 'two@example.com', hourMs),
            counter('account', 'over@example.com', 5_000),
            counter('address', '192.0.2.1', hourMs),
            counter('password', 'ab12', hourMs),
          ])
          .execute(),
      )
      clock.advance(10_000)
      assert.deepEqual((await read()).locked, { accounts: 2, addresses: 1 })
    })

    it('refuse a span that is no whole number from 1 to 1440', async () => {
      const { access } = await world.login(auditor)
      for (const hours of ['0', '1441', '1.5', 'x', '']) {
        const answer = await world.call('GET', `/statistics/?hours=${hours}`, { token: access })
        assert.equal(answer.status, 400)
        assert.deepEqual(Object.keys(answer.body.errors), ['hours'])
      }
    })
  })

  describe(`the tally of an audit from before it, on ${engine}`, async () => {
    const clock = testClock()
    const world = await testWorld({ engine, clock })
    const { core } = world
    const { hourCounts, chain } = core.stores
    const node = (goOn = () => true) => {
      const tallier = new HourCounter({
        hourCounts,
        greatestEventId: () => chain.greatestEventId(),
        transaction: core.transaction,
      })
      return { round: () => tallier.round(clock.nowMs(), goOn) }
    }

    it('goes in bounded steps, the newest events first, and says that it is not whole yet', async () => {
      await writeMany(world, 45_000)
      let steps = 0
      const slow = node(() => steps++ < 1)
      await slow.round()
      assert.equal(await hourCounts.countedRange(), undefined)
      clock.advance(10_000)
      await slow.round()
      const first = (await hourCounts.countedRange())!
      assert.equal(first.throughId, await chain.greatestEventId())
      assert.equal(first.throughId - first.fromId, 20_000)
      const auditor = await world.withPermissions('audit:read')
      const { body } = await world.call('GET', '/statistics/?hours=720', { token: auditor.access })
      assert.equal(body.is_complete, false)
      steps = 0
      clock.advance(10_000)
      await slow.round()
      assert.equal((await hourCounts.countedRange())!.fromId, first.fromId - 20_000)
    })

    it('counts each event once when two nodes do it at the same time', async () => {
      await write(world, pastEvents(clock.nowMs(), 5_000))
      const nodes = [node(), node(), node()]
      for (let round = 0; round < 4; round++) {
        await Promise.all(nodes.map(each => each.round()))
        clock.advance(10_000)
      }
      const countedRange = (await hourCounts.countedRange())!
      assert.deepEqual(countedRange, { fromId: 0, throughId: await chain.greatestEventId() })
      const { hours } = await hourCounts.read(0, acts)
      const expected = new Map<string, number>()
      const events = await core.database.read.selectFrom('audit_events').select(['at', 'action']).execute()
      for (const { at, action } of events.filter(event => acts.includes(event.action))) {
        const key = `${at - (at % hourMs)} ${action}`
        expected.set(key, (expected.get(key) ?? 0) + 1)
      }
      const found = new Map(hours.map(({ hourAtMs, action, count }) => [`${hourAtMs} ${action}`, count]))
      assert.deepEqual([...found].toSorted(), [...expected].toSorted())
    })

    it('passes over a time that is none', async () => {
      await write(world, [
        { at: Number.MAX_SAFE_INTEGER, action: 'user.login' },
        { at: -5, action: 'user.login' },
      ])
      const before = await hourCounts.read(0, acts)
      const one = node()
      await one.round()
      clock.advance(10_000)
      await one.round()
      const after = await hourCounts.read(0, acts)
      assert.equal(after.counted!.throughId, await chain.greatestEventId())
      const sum = (hours: typeof after.hours) => hours.reduce((total, { count }) => total + count, 0)
      assert.equal(sum(after.hours), sum(before.hours))
    })
  })
}
