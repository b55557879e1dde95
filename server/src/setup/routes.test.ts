import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browserHeaders } from '../../../test/support/sample-requests.ts'
import { checkLink, printToken, setUp, superusersIn } from '../../../test/support/setup-link.ts'
import { type Answer, cheapHasher, testWorld, type World } from '../../../test/support/world.ts'

/** An answer without what differs between any two. */
const withoutInstance = ({ status, body }: Answer) => ({ status, ...body, instance: '' })

describe('the setup link', () => {
  it('makes a superuser who is signed in at once, as a page of ours is', async () => {
    const world = await testWorld()
    const token = await printToken(world)
    assert.equal((await checkLink(world, token)).status, 204)
    const names = { first_name: 'Анна', last_name: 'Петрова' }
    const answer = await setUp(world, token, { email: ' Root@Example.com ', ...names })
    assert.equal(answer.status, 201, answer.text)
    assert.deepEqual(Object.keys(answer.body), ['access', 'session', 'user'])
    assert.equal(answer.body.user.email, 'root@example.com')

    const me = (await world.call('GET', '/me/', { token: answer.body.access })).body
    assert.deepEqual([me.is_superuser, me.is_staff, me.is_active, me.first_name], [true, true, true, 'Анна'])
    assert.ok(me.last_login)
    const set = [answer.headers['set-cookie'] ?? []].flat().filter(each => each.startsWith('__Host-propusk='))
    assert.equal(set.length, 1)
    const [pair = '', ...attributes] = set[0]!.split('; ')
    for (const attribute of ['Path=/', 'Secure', 'HttpOnly', 'SameSite=Strict']) {
      assert.ok(attributes.includes(attribute), attribute)
    }
    const cookie = pair.slice('__Host-propusk='.length)
    const next = await world.call('POST', '/browser/refresh/', { body: {}, headers: browserHeaders(cookie) })
    assert.equal(next.status, 200, next.text)
    const users = await world.call('GET', '/users/', { token: next.body.access })
    assert.equal(users.status, 200)
  })

  it('ends the session that the cookie of the browser held before', async () => {
    const world = await testWorld()
    const before = await world.register()
    const answer = await setUp(world, await printToken(world), {}, browserHeaders(before.refresh))
    assert.equal(answer.status, 201, answer.text)
    assert.equal((await world.call('GET', '/me/', { token: before.access })).status, 401)
  })

  it('leaves one event, by no actor, with the address and without the token', async () => {
    const world = await testWorld()
    const token = await printToken(world)
    const { id } = (await setUp(world, token)).body.user
    const rows = await world.core.database.read.selectFrom('audit_events').selectAll().execute()
    const [event, ...others] = rows.filter(row => row.action.startsWith('user.'))
    assert.deepEqual(others, [])
    assert.deepEqual(
      { ...event, id: 0, at: 0, user_agent: '', details: JSON.parse(event!.details) },
      {
        id: 0,
        at: 0,
        actor: null,
        action: 'user.setup',
        target: `users/${id}`,
        outcome: 'success',
        ip_address: '127.0.0.1',
        user_agent: '',
        details: { email: 'root@example.com', session_id: 1 },
      },
    )
    assert.ok(!JSON.stringify(rows).includes(token))
    assert.ok(!world.log.join('').includes(token))
  })

  it('is stored as a hash alone', async () => {
    const world = await testWorld()
    const token = await printToken(world)
    const [row] = await world.core.database.read.selectFrom('setup_links').selectAll().execute()
    assert.match(row!.token_hash, /^[0-9a-f]{64}$/)
    assert.ok(!JSON.stringify(row).includes(token))
  })

  it('is another for each start', async () => {
    const world = await testWorld()
    const tokens = [await printToken(world), await printToken(world), await printToken(world)]
    assert.equal(new Set(tokens).size, 3)
    const answers = await Promise.all(tokens.map(token => checkLink(world, token)))
    assert.deepEqual(
      answers.map(({ status }) => status),
      [404, 404, 204],
    )
  })

  const useless: Readonly<Record<string, (world: World) => Promise<string>>> = {
    'that was never printed': async () => 'A'.repeat(43),
    'that is empty': async () => '',
    'of another form': async () => '../../etc/passwd\u0000'.slice(0, 16),
    'that has expired': async world => {
      const token = await printToken(world)
      world.clock.advance(3_600_000)
      return token
    },
    'that a newer start has replaced': async world => {
      const token = await printToken(world)
      await printToken(world)
      return token
    },
    'that was used': async world => {
      const token = await printToken(world)
      assert.equal((await setUp(world, token, { email: 'first@example.com' })).status, 201)
      return token
    },
    'beside a superuser who was made in another way': async world => {
      const token = await printToken(world)
      await world.superuser()
      return token
    },
  }

  it('gets one and the same answer when it does not work, whatever the reason and whatever comes with it', async () => {
    const answers = new Map<string, object>()
    for (const [what, prepare] of Object.entries(useless)) {
      const world = await testWorld()
      const token = await prepare(world)
      const before = await superusersIn(world)
      answers.set(`check ${what}`, withoutInstance(await checkLink(world, token)))
      answers.set(`make ${what}`, withoutInstance(await setUp(world, token)))
      answers.set(
        `make ${what}, with faults`,
        withoutInstance(await setUp(world, token, { password: 'x', email: 'x' })),
      )
      assert.deepEqual(await superusersIn(world), before, what)
    }
    const [first] = answers.values()
    assert.equal((first as { code: string }).code, 'not_found')
    for (const [what, answer] of answers) assert.deepEqual(answer, first, what)
  })

  it('a request with a wrong setup link costs no hash', async () => {
    let hashes = 0
    const hasher = cheapHasher()
    const counting = {
      ...hasher,
      hash: (password: string) => {
        hashes += 1
        return hasher.hash(password)
      },
    }
    const world = await testWorld({ hasher: counting })
    const token = await printToken(world)
    for (let attempt = 0; attempt < 5; attempt++) await setUp(world, `${token}x`)
    assert.equal(hashes, 0)
    assert.equal((await setUp(world, token)).status, 201)
    assert.equal(hashes, 1)
  })

  it('names every field that does not fit, and works on after the mistake', async () => {
    const world = await testWorld()
    const token = await printToken(world)
    const { email } = await world.register()
    const faults = await setUp(world, token, { email: 'x', password: 'password', password2: 'other' })
    assert.deepEqual([faults.status, faults.body.code], [400, 'invalid_request'])
    assert.deepEqual(Object.keys(faults.body.errors).sort(), ['email', 'password', 'password2'])
    const personal = await setUp(world, token, {
      password: 'root@example.com',
      password2: 'root@example.com',
    })
    assert.deepEqual(Object.keys(personal.body.errors), ['password'])
    const unknown = await setUp(world, token, { is_staff: false })
    assert.deepEqual(Object.keys(unknown.body.errors), ['is_staff'])
    const taken = await setUp(world, token, { email })
    assert.deepEqual([taken.status, Object.keys(taken.body.errors)], [409, ['email']])
    assert.deepEqual(await superusersIn(world), [])
    assert.equal((await setUp(world, token)).status, 201)
  })

  it('is for pages of this server, and a call from elsewhere does not use it up', async () => {
    const world = await testWorld()
    const token = await printToken(world)
    const foreign: Record<string, string>[] = [
      {},
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'https://evil.example' },
    ]
    for (const headers of foreign) {
      const { status, body } = await setUp(world, token, {}, headers)
      assert.deepEqual([status, body.code], [403, 'cross_site_request'])
    }
    assert.equal((await setUp(world, token)).status, 201)
  })

  it('sixty tries of setup links from one network do not block the right link', async () => {
    const world = await testWorld({ env: { PROPUSK_TRUST_PROXY: '127.0.0.1' } })
    const token = await printToken(world)
    const from = (address: string) => ({ ...browserHeaders(), 'x-forwarded-for': address })
    const statuses: number[] = []
    for (let attempt = 0; attempt < 62; attempt++) {
      const wrong = `${token.slice(1)}${attempt % 10}`
      const answer =
        attempt % 2 === 0
          ? await checkLink(world, wrong, from('203.0.113.7'))
          : await setUp(world, wrong, {}, from('203.0.113.7'))
      statuses.push(answer.status)
      if (attempt === 61) assert.ok(Number(answer.headers['retry-after']) > 0)
    }
    assert.deepEqual(statuses, [...Array(60).fill(404), 429, 429])
    assert.equal((await checkLink(world, 'wrong', from('203.0.113.8'))).status, 404)
    assert.equal((await setUp(world, token, {}, from('203.0.113.7'))).status, 201)
  })

  it('says in Russian that it does not work', async () => {
    const world = await testWorld()
    const { body } = await checkLink(world, 'x', { 'accept-language': 'ru' })
    assert.match(body.detail, /^Эта ссылка не действует/)
  })

  it('works although registration is closed', async () => {
    const world = await testWorld({ env: { PROPUSK_REGISTRATION: 'closed' } })
    assert.equal((await setUp(world, await printToken(world))).status, 201)
  })
})
