import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { rotationWays } from '../../../test/support/rotation-ways.ts'
import { browserHeaders } from '../../../test/support/sample-requests.ts'
import { type Answer, testWorld, type World } from '../../../test/support/world.ts'

type Refreshed = Pick<Answer, 'status' | 'headers'> & {
  readonly body: { access: string; refresh: string; code?: string; errors?: object }
}

/** The two ways in which a client presents a refresh token, and is given the next one. */
type Refresh = (world: World, token: string, key?: string) => Promise<Refreshed>

const carriers: Record<string, Refresh> = {
  'in a body': (world, token, key) =>
    world.call('POST', '/token/refresh/', { body: { refresh: token }, headers: keyHeader(key) }),

  async 'in the cookie of a page'(world, token, key) {
    const headers = { ...browserHeaders(token), ...keyHeader(key) }
    const answer = await world.call('POST', '/browser/refresh/', { body: {}, headers })
    const set = String(answer.headers['set-cookie'] ?? '')
    const refresh = /^__Host-propusk=([^;]*)/.exec(set)?.[1]
    return { ...answer, body: { ...answer.body, refresh } }
  },
}

const keyHeader = (key: string | undefined) => (key === undefined ? {} : { 'idempotency-key': key })

const isAlive = async (world: World, access: string) =>
  (await world.call('GET', '/me/', { token: access })).status === 200

for (const way of rotationWays) {
  describe(`a refresh ${way.title}`, async () => {
    const world = await testWorld({ engine: way.engine })
    way.on(world.core.database)
    for (const [title, refresh] of Object.entries(carriers)) {
      describe(`with the token ${title}`, () => {
        keepsTheContract(world, refresh)
        repeatsForTheSameKey(world, refresh)
      })
    }
  })
}

/** What every way of a refresh promises. */
function keepsTheContract(world: World, refresh: Refresh): void {
  it('a refresh token gives a new pair of the same session', async () => {
    const person = await world.register()
    const next = await refresh(world, person.refresh)
    assert.equal(next.status, 200)
    assert.notEqual(next.body.refresh, person.refresh)
    assert.equal(claimsOf(next.body.access).sid, claimsOf(person.access).sid)
    assert.equal(claimsOf(next.body.refresh).sid, claimsOf(person.access).sid)
    assert.equal(await isAlive(world, next.body.access), true)
    const sessions = await world.call('GET', '/me/sessions/', { token: next.body.access })
    assert.equal(sessions.body.length, 1)
  })

  it('the same token again within ten seconds gives the same next token, byte for byte, and a fresh access token', async () => {
    const person = await world.register()
    const first = await refresh(world, person.refresh)
    world.clock.advance(9_000)
    const second = await refresh(world, person.refresh)
    assert.equal(second.status, 200)
    assert.equal(second.body.refresh, first.body.refresh)
    assert.notEqual(second.body.access, first.body.access)
    assert.equal(await isAlive(world, second.body.access), true)
    assert.equal((await refresh(world, second.body.refresh)).status, 200)
  })

  it('the same token again after ten seconds ends the whole session and is written to the audit', async () => {
    const person = await world.register()
    const other = await world.login(person)
    const first = await refresh(world, person.refresh)
    world.clock.advance(10_001)
    const reuse = await refresh(world, person.refresh)
    assert.equal(reuse.status, 401)
    assert.equal(reuse.body.code, 'invalid_refresh_token')
    assert.equal((await refresh(world, first.body.refresh)).status, 401)
    assert.equal(await isAlive(world, first.body.access), false)
    assert.equal(await isAlive(world, other.access), true, 'another device of the same person goes on')

    const administrator = await world.superuser()
    const events = await world.call('GET', '/audit/?action=token.reuse', { token: administrator.access })
    assert.equal(events.body.results[0].details.user_id, person.id)
    const sessions = await world.call('GET', `/sessions/?user_id=${person.id}&is_active=false`, {
      token: administrator.access,
    })
    assert.equal(sessions.body.results[0].end_reason, 'refresh_reuse')
  })

  it('the same token again after its next token was used ends the session, also within ten seconds', async () => {
    const person = await world.register()
    const first = await refresh(world, person.refresh)
    const second = await refresh(world, first.body.refresh)
    assert.equal(second.status, 200)
    assert.equal((await refresh(world, person.refresh)).status, 401)
    assert.equal((await refresh(world, second.body.refresh)).status, 401)
    assert.equal(await isAlive(world, second.body.access), false)
  })

  it('sixteen parallel uses of one token give one next token', async () => {
    const person = await world.register()
    const answers = await Promise.all(Array.from({ length: 16 }, () => refresh(world, person.refresh)))
    assert.deepEqual(new Set(answers.map(answer => answer.status)), new Set([200]))
    assert.equal(new Set(answers.map(answer => answer.body.refresh)).size, 1)
    const rows = await world.core.database.read
      .selectFrom('refresh_tokens')
      .select('jti')
      .where('user_id', '=', person.id)
      .execute()
    assert.equal(rows.length, 2, 'the first token and the next one')
  })

  it('a chain of refreshes never outlives the session', async () => {
    const person = await world.register()
    let token = person.refresh
    const end = claimsOf(token).exp
    for (let hour = 0; hour < 23; hour++) {
      world.clock.advance(3_600_000)
      const next = await refresh(world, token)
      assert.equal(next.status, 200, `after ${hour + 1} hours`)
      token = next.body.refresh
      assert.equal(claimsOf(token).exp, end)
    }
    world.clock.advance(3_600_000)
    assert.equal((await refresh(world, token)).status, 401)
  })

  it('what is no refresh token of this server is refused in one way', async () => {
    const person = await world.register()
    const { refresh: token } = person
    const presented = [
      'x',
      'a.b.c',
      person.access,
      `${token}A`,
      token.slice(0, -1),
      `${token}=`,
      token.replace('.', '..'),
    ]
    for (const text of presented) {
      const answer = await refresh(world, text)
      assert.equal(answer.status, 401, text.slice(0, 20))
      assert.equal(answer.body.code, 'invalid_refresh_token')
      assert.match(String(answer.headers['www-authenticate']), /^Bearer/)
    }
    assert.equal((await refresh(world, token)).status, 200, 'the real one still works')
  })

  it('a refresh token is no access token', async () => {
    const person = await world.register()
    const answer = await world.call('GET', '/me/', { token: person.refresh })
    assert.equal(answer.status, 401)
    assert.equal(answer.body.code, 'invalid_token')
  })
}

const keyA = '"5b1a3a66-62b5-4a54-a1d9-5f5b4f7f5c61"'
const keyB = '"0d4f1b5e-1a5c-4b6e-8e0a-2f8b6f6f1c55"'

/** What a key adds: a client proves that it sends the same request again (ADR 41). */
function repeatsForTheSameKey(world: World, refresh: Refresh): void {
  const isEnded = async (access: string) => !(await isAlive(world, access))

  it('the same token with the same key gives the same next token, byte for byte, however late', async () => {
    const person = await world.register()
    const first = await refresh(world, person.refresh, keyA)
    for (let time = 0; time < 3; time++) {
      world.clock.advance(3_600_000)
      const again = await refresh(world, person.refresh, keyA)
      assert.deepEqual([again.status, again.body.refresh], [200, first.body.refresh])
      assert.equal(await isAlive(world, again.body.access), true)
    }
    const next = await refresh(world, first.body.refresh, keyB)
    assert.equal(next.status, 200)
    assert.equal(claimsOf(next.body.access).sid, claimsOf(person.access).sid)
  })

  for (const [title, key] of [
    ['another key', keyB],
    ['no key', undefined],
  ] as const) {
    it(`the same token with ${title} after ten seconds ends the session, within them it is repeated`, async () => {
      const person = await world.register()
      const first = await refresh(world, person.refresh, keyA)
      world.clock.advance(9_000)
      const soon = await refresh(world, person.refresh, key)
      assert.deepEqual([soon.status, soon.body.refresh], [200, first.body.refresh])
      world.clock.advance(1_001)
      assert.equal((await refresh(world, person.refresh, key)).status, 401)
      assert.equal((await refresh(world, person.refresh, keyA)).status, 401)
      assert.equal((await refresh(world, first.body.refresh)).status, 401)
      assert.equal(await isEnded(first.body.access), true)
    })
  }

  it('a key proves nothing of a token that was consumed without one', async () => {
    const person = await world.register()
    const first = await refresh(world, person.refresh)
    world.clock.advance(10_001)
    assert.equal((await refresh(world, person.refresh, keyA)).status, 401)
    assert.equal(await isEnded(first.body.access), true)
  })

  it('a key that was first sent with a repetition proves nothing later', async () => {
    const person = await world.register()
    const first = await refresh(world, person.refresh, keyA)
    assert.equal((await refresh(world, person.refresh, keyB)).body.refresh, first.body.refresh)
    world.clock.advance(10_001)
    assert.equal((await refresh(world, person.refresh, keyB)).status, 401)
  })

  it('the same token with the same key ends the session once its next token was used', async () => {
    const person = await world.register()
    const first = await refresh(world, person.refresh, keyA)
    const second = await refresh(world, first.body.refresh, keyB)
    assert.equal(second.status, 200)
    assert.equal((await refresh(world, person.refresh, keyA)).status, 401)
    assert.equal(await isEnded(second.body.access), true)
  })

  it('the same token with the same key gives nothing once the session is over', async () => {
    const person = await world.register()
    const first = await refresh(world, person.refresh, keyA)
    await world.call('POST', '/logout/', { token: first.body.access })
    assert.equal((await refresh(world, person.refresh, keyA)).status, 401)
  })

  it('twenty parallel late returns with the same key give the same next token', async () => {
    const person = await world.register()
    const first = await refresh(world, person.refresh, keyA)
    world.clock.advance(3_600_000)
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(world, person.refresh, keyA)))
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
    assert.deepEqual(new Set(answers.map(({ body }) => body.refresh)), new Set([first.body.refresh]))
  })

  it('a key that is too short, too long or not printable is a 400 that names the header, and consumes nothing', async () => {
    const person = await world.register()
    for (const key of [
      '',
      'k'.repeat(15),
      'k'.repeat(129),
      `${'k'.repeat(20)}\u00e9`,
      `${'k'.repeat(20)}\t${'k'.repeat(20)}`,
    ]) {
      const answer = await refresh(world, person.refresh, key)
      assert.deepEqual([answer.status, answer.body.code], [400, 'invalid_request'], key)
      assert.deepEqual(Object.keys(answer.body.errors ?? {}), ['idempotency-key'])
    }
    for (const key of ['k'.repeat(16), 'k'.repeat(128)]) {
      const { status, body } = await refresh(world, (await world.register()).refresh, key)
      assert.equal(status, 200)
      assert.ok(body.refresh)
    }
    assert.equal((await refresh(world, person.refresh)).status, 200)
  })
}

it('a refresh token in a body stands there alone', async () => {
  const world = await testWorld()
  const { refresh: token } = await world.register()
  for (const text of [` ${token}`, `${token}\n`]) {
    assert.equal((await carriers['in a body']!(world, text)).status, 401)
  }
})

describe('a refresh token as a bearer token', () => {
  it('is accepted where the setting says so, as long as it could be used, and is not consumed by it', async () => {
    const world = await testWorld({ env: { PROPUSK_REFRESH_AS_BEARER: 'true' } })
    const person = await world.register()
    assert.equal(await isAlive(world, person.refresh), true)
    assert.equal(await isAlive(world, person.refresh), true)
    const next = await carriers['in a body']!(world, person.refresh)
    assert.equal(next.status, 200)
    assert.equal(await isAlive(world, person.refresh), false, 'a consumed one is not')
    await world.call('POST', '/logout/', { token: next.body.access })
    assert.equal(await isAlive(world, next.body.refresh), false, 'nor one of an ended session')
  })
})

function claimsOf(token: string): { sid: string; exp: number } {
  return JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())
}
