import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { demoAccounts } from '../../server/src/demo/index.ts'
import { unthrottled } from '../support/throttle.ts'
import { testWorld } from '../support/world.ts'

const dayMs = 86_400_000

const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())

describe('a new server', async () => {
  const world = await testWorld()

  it('a new server has no account, and refuses the accounts of the demo', async () => {
    assert.deepEqual(await world.core.database.read.selectFrom('users').select('id').execute(), [])
    assert.ok(demoAccounts.length > 0)
    for (const { email, password } of demoAccounts) {
      const answer = await world.call('POST', '/login/', { body: { email, password } })
      assert.equal(answer.status, 401, email)
    }
  })
})

describe('a password', async () => {
  const world = await testWorld()
  const signIn = async (email: string, password: string) =>
    (await world.call('POST', '/login/', { body: { email, password } })).status

  it('of 64 and of 128 characters is taken, and every one of them counts', async () => {
    for (const length of [64, 128]) {
      const email = `long-${length}@example.com`
      const password = 'пять ламп '.repeat(20).slice(0, length)
      const body = { email, password, password2: password }
      assert.equal((await world.call('POST', '/register/', { body })).status, 201)
      assert.equal(await signIn(email, password), 200)
      assert.equal(await signIn(email, `${password.slice(0, -1)}!`), 401)
      assert.equal(await signIn(email, password.slice(0, -1)), 401)
    }
  })

  it('is compared as it was typed: no blank is cut off, no case is changed', async () => {
    const email = 'typed@example.com'
    const password = ' PaSs through the Gate '
    const body = { email, password, password2: password }
    assert.equal((await world.call('POST', '/register/', { body })).status, 201)
    assert.equal(await signIn(email, password), 200)
    for (const other of [password.trim(), password.toLowerCase(), password.toUpperCase(), `${password} `]) {
      assert.equal(await signIn(email, other), 401, JSON.stringify(other))
    }
  })

  it('has no hint and no question beside it, in whatever body of the API', () => {
    const document = JSON.stringify(world.server.app.routes.map(({ route }) => route.body ?? {}))
    assert.match(document, /"current_password"/)
    // Of a token, not of a password (RFC 7009 section 2.1).
    const rest = document.replaceAll('"token_type_hint":', '')
    assert.doesNotMatch(rest, /"[a-z_]*(?:hint|question|answer|mother|birth)[a-z_]*":/)
  })

  it('does not expire', async () => {
    const person = await world.register()
    world.clock.advance(400 * dayMs)
    assert.equal(await signIn(person.email, person.password), 200)
  })
})

describe('a sign-in', async () => {
  const world = await testWorld({ env: unthrottled })

  it('makes a session and tokens of its own each time', async () => {
    const first = await world.register()
    const seen = new Set<unknown>()
    const rounds = 50
    for (let round = 0; round < rounds; round++) {
      const { access, refresh } = await world.login(first)
      const claims = claimsOf(access)
      assert.equal(claims.sid, claimsOf(refresh).sid)
      for (const each of [access, refresh, claims.sid, claims.jti, claimsOf(refresh).jti]) seen.add(each)
    }
    assert.equal(seen.size, 5 * rounds)
  })

  it('that fails leaves a line in the audit and no other row', async () => {
    const person = await world.register()
    const tables = ['users', 'sessions', 'refresh_tokens', 'changes', 'throttle_counters'] as const
    const rowsOf = (table: (typeof tables)[number]) =>
      world.core.database.read.selectFrom(table).selectAll().execute()
    const count = async () => (await Promise.all(tables.map(rowsOf))).map(rows => rows.length)
    const before = await count()
    for (let round = 0; round < 20; round++) {
      for (const email of [person.email, `nobody-${round}@example.com`]) {
        const body = { email, password: `not this one ${round}` }
        assert.equal((await world.call('POST', '/login/', { body })).status, 401)
      }
    }
    assert.deepEqual(await count(), before)
  })

  it('neither the id nor the address of a deleted account is given to another', async () => {
    const leaver = await world.register('leaver@example.com')
    assert.equal((await world.call('DELETE', '/me/', { token: leaver.access })).status, 204)
    const next = await world.register('next@example.com')
    assert.ok(next.id > leaver.id)
    assert.equal((await world.call('GET', '/me/', { token: leaver.access })).status, 401)
    const body = { email: leaver.email, password: leaver.password, password2: leaver.password }
    assert.equal((await world.call('POST', '/register/', { body })).status, 409)
  })
})
