import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { stoppedClock } from '../../test/support/stopped-clock.ts'
import { type Account, type Answer, testWorld } from '../../test/support/world.ts'

const retryAfterOf = ({ headers }: Answer) => Number(headers['retry-after'])
const statuses = (answers: readonly Answer[]) => answers.map(({ status }) => status)

const assertTooMany = (answer: Answer, mostSeconds = 60) => {
  assert.equal(answer.status, 429, answer.text)
  assert.equal(answer.body.code, 'too_many_requests')
  assert(retryAfterOf(answer) >= 1 && retryAfterOf(answer) <= mostSeconds, String(retryAfterOf(answer)))
}

describe('the rate limit of access checks', async () => {
  // By a running clock one question comes back each half second, while a slow machine still asks.
  const world = await testWorld({
    clock: stoppedClock(),
    env: { PROPUSK_LIMIT_ACCESS_CHECKS: '120/1m' },
  })
  const checks = [{ resource: 'users', action: 'read' }]
  const check = ({ access: token }: Account, body: unknown = { checks }) =>
    world.call('POST', '/access/check/', { token, body })
  const question = '?resource=users&action=read'

  it('answers 429 with Retry-After beyond it, and again 200 after that time', async () => {
    const account = await world.register()
    for (let asked = 0; asked < 120; asked++) assert.equal((await check(account)).status, 200)
    const refused = await check(account)
    assertTooMany(refused)
    world.clock.advance(retryAfterOf(refused) * 1000)
    assert.equal((await check(account)).status, 200)
  })

  it('counts one request for a hundred questions, and the account whatever its session', async () => {
    const account = await world.register()
    const hundred = { checks: Array(100).fill(checks[0]) }
    for (let asked = 0; asked < 119; asked++) assert.equal((await check(account, hundred)).status, 200)
    const elsewhere = await world.login(account)
    assert.equal((await check(elsewhere)).status, 200)
    assertTooMany(await check(elsewhere))
  })

  it('leaves other accounts, and other calls of the same account, alone', async () => {
    const [limited, other] = [await world.register(), await world.register()]
    for (let asked = 0; asked < 121; asked++) await check(limited)
    assertTooMany(await check(limited))
    assert.equal((await check(other)).status, 200)
    assert.equal((await world.call('GET', '/me/', { token: limited.access })).status, 200)
  })

  it('takes 20 for an explanation and 100 for a list of who can', async () => {
    const account = await world.withPermissions('users:read')
    const token = account.access
    assert.equal((await world.call('GET', `/access/who_can/${question}`, { token })).status, 200)
    assert.equal((await world.call('GET', `/access/explain/${question}`, { token })).status, 200)
    assertTooMany(await world.call('GET', `/access/explain/${question}`, { token }))
    assertTooMany(await check(account))
  })

  it('is not asked before the permission is', async () => {
    const account = await world.register()
    for (let asked = 0; asked < 121; asked++) await check(account)
    const token = account.access
    assert.equal((await world.call('GET', `/access/who_can/${question}`, { token })).status, 403)
  })
})

describe('the rate limits of refreshes', async () => {
  const world = await testWorld({
    clock: stoppedClock(),
    env: {
      PROPUSK_LIMIT_REFRESH: '5/1m',
      PROPUSK_LIMIT_BAD_REFRESH: '10/1m',
      PROPUSK_TRUST_PROXY: '127.0.0.1',
    },
  })
  const refresh = (token: string, from: string) =>
    world.call('POST', '/token/refresh/', {
      body: { refresh: token },
      headers: { 'x-forwarded-for': from },
    })
  const times = async (count: number, ask: (index: number) => Promise<Answer>) => {
    const answers: Answer[] = []
    for (let index = 0; index < count; index++) answers.push(await ask(index))
    return answers
  }

  it('stop a session that runs wild, whose token works again after Retry-After', async () => {
    let { refresh: token } = await world.register()
    for (let used = 0; used < 5; used++) {
      const answer = await refresh(token, '198.51.100.1')
      assert.equal(answer.status, 200)
      token = answer.body.refresh
    }
    const refused = await refresh(token, '198.51.100.2')
    assertTooMany(refused)
    world.clock.advance(retryAfterOf(refused) * 1000)
    assert.equal((await refresh(token, '198.51.100.2')).status, 200)
  })

  it('leave another session of the same account alone', async () => {
    const account = await world.register()
    let token = account.refresh
    for (let used = 0; used < 5; used++) token = (await refresh(token, '198.51.100.3')).body.refresh
    assertTooMany(await refresh(token, '198.51.100.3'))
    const elsewhere = await world.login(account)
    assert.equal((await refresh(elsewhere.refresh, '198.51.100.3')).status, 200)
  })

  it('answer 429 to unusable tokens of one address, and never to a good one from there', async () => {
    const account = await world.register()
    const answers = await times(12, () => refresh('not a token', '198.51.100.4'))
    assert.deepEqual(statuses(answers), [...Array(10).fill(401), 429, 429])
    assertTooMany(answers[10]!)
    assert.equal((await refresh('not a token', '198.51.100.5')).status, 401)
    assert.equal((await refresh(account.refresh, '198.51.100.4')).status, 200)
  })

  it('count an IPv6 network as one caller', async () => {
    const answers = await times(11, index => refresh('not a token', `2001:db8:1:2::${index + 1}`))
    assert.deepEqual(statuses(answers), [...Array(10).fill(401), 429])
    assert.equal((await refresh('not a token', '2001:db8:1:3::1')).status, 401)
  })

  it('let a stolen token that is used again end its session all the same', async () => {
    const account = await world.register()
    const first = await refresh(account.refresh, '198.51.100.6')
    const second = await refresh(first.body.refresh, '198.51.100.6')
    assert.equal(second.status, 200)
    await times(11, () => refresh('not a token', '198.51.100.7'))
    assertTooMany(await refresh(account.refresh, '198.51.100.7'))
    assert.equal((await world.call('GET', '/me/', { token: second.body.access })).status, 401)
  })
})

describe('refused permissions in the audit', async () => {
  const world = await testWorld({
    clock: stoppedClock(),
    env: { PROPUSK_LIMIT_DENIED_EVENTS: '6/1m' },
  })
  const denied = async (userId: number) => {
    const rows = await world.core.database.read
      .selectFrom('audit_events')
      .select('details')
      .where('action', '=', 'access.denied')
      .where('actor', '=', userId)
      .orderBy('id')
      .execute()
    return rows.map(({ details }) => JSON.parse(details).unrecorded as number | undefined)
  }
  const knock = ({ access: token }: Account) => world.call('GET', '/users/', { token })
  const warnings = (userId: number) =>
    world.log
      .map(line => JSON.parse(line))
      .filter(line => line.level === 'warn' && line.userId === userId)
      .map(({ msg, unrecorded }) => ({ msg, unrecorded }))

  it('are bounded for one account, which is refused with the same answer, and the rest is counted', async () => {
    const account = await world.register()
    for (let tries = 0; tries < 50; tries++) assert.equal((await knock(account)).status, 403)
    assert.deepEqual(await denied(account.id), Array(6).fill(undefined))
    const msg = 'refused permissions of one account were counted, not audited'
    assert.deepEqual(warnings(account.id), [{ msg, unrecorded: 1 }])

    world.clock.advance(10_000)
    await knock(account)
    assert.deepEqual(await denied(account.id), [...Array(6).fill(undefined), 44])
    world.clock.advance(10_000)
    await knock(account)
    assert.deepEqual((await denied(account.id)).at(-1), undefined)
  })

  it('of one account leave those of another on record', async () => {
    const [loud, quiet] = [await world.register(), await world.register()]
    for (let tries = 0; tries < 20; tries++) await knock(loud)
    await knock(quiet)
    assert.deepEqual(await denied(quiet.id), [undefined])
  })
})

describe('rate limits that are off', async () => {
  const world = await testWorld({
    env: { PROPUSK_LIMIT_BAD_REFRESH: 'off', PROPUSK_LIMIT_DENIED_EVENTS: 'off' },
  })

  it('refuse nothing', async () => {
    const body = { refresh: 'not a token' }
    for (let tries = 0; tries < 650; tries++) {
      assert.equal((await world.call('POST', '/token/refresh/', { body })).status, 401)
    }
  })
})
