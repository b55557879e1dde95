import assert from 'node:assert/strict'
import { describe, it, mock } from 'node:test'
import type { PasswordHasher } from '../../server/src/identity/index.ts'
import { createAuthenticator } from '../support/authenticator.ts'
import { engines } from '../support/engines.ts'
import { browserHeaders } from '../support/sample-requests.ts'
import { stoppedClock } from '../support/stopped-clock.ts'
import { cheapHasher, goodPassword, testWorld, type World } from '../support/world.ts'

const wrong = 'not the password at all'
const trusting = { PROPUSK_TRUST_PROXY: '127.0.0.1', PROPUSK_LOG_LEVEL: 'error' }

/** Who asks: from which address, with which browser. Each test guesses from a network of its own. */
interface Stranger {
  readonly from?: string
  readonly agent?: string
  /** The device token that it shows. */
  readonly device?: string
}

const otherKey = { PROPUSK_MASTER_KEY: Buffer.alloc(32, 8).toString('base64') }

let networks = 0
const freshAddress = () => {
  networks += 1
  return `198.18.${networks >> 8}.${networks & 255}`
}

function attackerOn(world: World) {
  let tries = 0
  const headersOf = ({ from = freshAddress(), agent = 'a stranger', device }: Stranger) => ({
    'x-forwarded-for': from,
    'user-agent': agent,
    ...(device !== undefined && { 'propusk-device': device }),
  })
  const signIn = (email: string, password: string, stranger: Stranger = {}) =>
    world.call('POST', '/login/', { body: { email, password }, headers: headersOf(stranger) })
  return {
    signIn,
    /** A wrong password that nobody else tries. */
    attempt: (email: string, stranger: Stranger = {}) => signIn(email, `${wrong} ${++tries}`, stranger),
    register: async (email: string, stranger: Stranger = {}) => {
      const body = { email, password: goodPassword, password2: goodPassword }
      const answer = await world.call('POST', '/register/', { body, headers: headersOf(stranger) })
      assert.equal(answer.status, 201, answer.text)
      const { access, refresh, user } = answer.body
      return { access, refresh, user: user as { id: number }, device: deviceOf(answer) }
    },
  }
}

type Answer = Awaited<ReturnType<World['call']>>
const deviceOf = ({ headers }: Answer) => String(headers['propusk-device'])
const seen = ({ status, headers }: Answer) => [status, headers['retry-after'] ?? null]

/** The real hasher, and how often it was asked whether a password is right. */
function countingHasher() {
  const hasher = cheapHasher()
  const count = { checks: 0 }
  const counting: PasswordHasher = {
    load: { waiting: 0, running: 0 },
    evenOut: stored => hasher.evenOut(stored),
    hash: presented => hasher.hash(presented),
    verify: (presented, stored, isOpen) => {
      count.checks += 1
      return hasher.verify(presented, stored, isOpen)
    },
    verifyNothing: presented => {
      count.checks += 1
      return hasher.verifyNothing(presented)
    },
  }
  return { hasher: counting, count }
}

for (const engine of engines) {
  describe(`wrong passwords for an account, on ${engine}`, async () => {
    const clock = stoppedClock()
    const { hasher, count } = countingHasher()
    const world = await testWorld({ engine, clock, hasher, env: trusting })
    const { signIn, attempt, register } = attackerOn(world)
    const exhaust = async (email: string) => {
      for (let tries = 0; tries < 6; tries++) assert.equal((await attempt(email)).status, 401)
    }

    it('is free five times, then waits 1, 2, 4 … 900 seconds', async () => {
      const email = 'waits@example.com'
      await register(email)
      await exhaust(email)
      const waits: number[] = []
      for (let tries = 0; tries < 13; tries++) {
        const refused = await attempt(email)
        assert.equal(refused.status, 429)
        const seconds = Number(refused.headers['retry-after'])
        waits.push(seconds)
        clock.advance(seconds * 1000 - 1)
        assert.deepEqual(seen(await attempt(email)), [429, '1'])
        clock.advance(1)
        assert.deepEqual(seen(await attempt(email)), [401, null])
      }
      // A quarter of an hour has passed before the eleventh: one failure is forgotten.
      assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 512, 900, 900])
    })

    it('prolongs no wait and counts nothing, at the account or at the address, however often it is tried again', async () => {
      const email = 'again@example.com'
      await register(email)
      const stranger = { from: freshAddress() }
      for (let tries = 0; tries < 7; tries++) {
        if (tries === 6) clock.advance(1_000)
        assert.equal((await attempt(email, stranger)).status, 401)
      }
      for (let tries = 0; tries < 50; tries++) {
        assert.deepEqual(seen(await signIn(email, goodPassword, stranger)), [429, '2'])
      }
      assert.equal((await attempt('neighbour@example.com', stranger)).status, 401)
      clock.advance(2_000)
      assert.equal((await signIn(email, goodPassword, stranger)).status, 200)
    })

    it('Retry-After is the longest of the current waits', async () => {
      const email = 'longest@example.com'
      const stranger = { from: freshAddress() }
      for (let tries = 0; tries < 40; tries++) {
        await attempt(`other-${tries}@example.com`, stranger)
        if (tries === 30) clock.advance(1_000)
      }
      assert.deepEqual(seen(await attempt('another@example.com', stranger)), [429, '2'])
      await exhaust(email)
      assert.deepEqual(seen(await attempt(email, stranger)), [429, '2'])
      clock.advance(1_000)
      await attempt(email)
      clock.advance(2_000)
      await attempt(email)
      assert.deepEqual(seen(await attempt(email, stranger)), [429, '4'])
    })

    it('asks nothing about the account during a wait, whether there is one or not', async () => {
      const known = 'asked@example.com'
      await register(known)
      const emails = [known, 'nobody-asked@example.com']
      for (const email of emails) await exhaust(email)
      const { users } = world.core.stores
      const asked = mock.method(users, 'findByEmail')
      const headers = { 'propusk-device': 'A'.repeat(52) }
      for (const email of emails) {
        assert.equal((await signIn(email, goodPassword)).status, 429)
        const body = { email, password: goodPassword }
        assert.equal((await world.call('POST', '/login/', { body, headers })).status, 429)
      }
      assert.equal(asked.mock.callCount(), 0)
      asked.mock.restore()
    })

    it('answers alike and hashes nothing during a wait, whether the account exists, is active, or the password right', async () => {
      const living = 'living@example.com'
      const closed = 'closed@example.com'
      await register(living)
      const { access } = await register(closed)
      assert.equal((await world.call('DELETE', '/me/', { token: access })).status, 204)
      const emails = [living, closed, 'nobody@example.com']
      for (const email of emails) await exhaust(email)
      count.checks = 0
      const shown = new Set<string>()
      for (const email of emails) {
        const { status, headers, body } = await signIn(email, goodPassword)
        assert.equal(status, 429)
        const { date: _, ...rest } = headers
        shown.add(JSON.stringify([rest, { ...body, instance: '' }]))
      }
      assert.equal(shown.size, 1, [...shown].join('\n'))
      assert.match([...shown].join(), /too_many_requests/)
      assert.equal(count.checks, 0)
    })

    it('starts afresh after a sign-in that went well', async () => {
      const email = 'afresh@example.com'
      await register(email)
      for (let tries = 0; tries < 5; tries++) await attempt(email)
      assert.equal((await signIn(email, goodPassword)).status, 200)
      await exhaust(email)
    })

    it('forgets one failure every quarter of an hour', async () => {
      const email = 'forgets@example.com'
      for (let tries = 0; tries < 5; tries++) await attempt(email)
      clock.advance(2 * 900_000)
      for (let tries = 0; tries < 3; tries++) assert.equal((await attempt(email)).status, 401)
      assert.equal((await attempt(email)).status, 429)
    })

    it('counts one address however it is spelt', async () => {
      const spellings = ['one@example.com', ' One@Example.com ', 'ONE@EXAMPLE.COM', '\tone@example.com']
      for (let tries = 0; tries < 6; tries++) {
        assert.equal((await attempt(spellings[tries % spellings.length]!)).status, 401)
      }
      for (const spelling of spellings) assert.equal((await attempt(spelling)).status, 429, spelling)
    })

    it('is forgotten neither by a restart nor on another node', async () => {
      const email = 'restart@example.com'
      await exhaust(email)
      const databaseUrl = world.core.config.databaseUrl
      const other = await testWorld({ engine, clock, env: trusting, databaseUrl })
      assert.equal((await attackerOn(other).attempt(email)).status, 429)
      await other.close()
    })

    it('is in the audit: each failure that was looked at, and once the wait, never what was typed', async () => {
      const email = 'audited@example.com'
      const { user } = await register(email)
      await exhaust(email)
      await attempt(email)
      await attempt('p4ssw0rd-in-the-wrong-field@example.com')
      const { access: token } = await world.superuser()
      const of = async (query: string) =>
        (await world.call('GET', `/audit/?limit=200&${query}`, { token })).body.results
      const failures = await of(`action=user.login_failed&target=users/${user.id}`)
      assert.equal(failures.length, 6)
      for (const { actor, outcome, details } of failures) {
        assert.deepEqual([actor, outcome, details], [null, 'failure', { reason: 'wrong_password' }])
      }
      const waits = await of(`action=throttle.wait&target=users/${user.id}`)
      assert.deepEqual(
        waits.map((event: Record<string, unknown>) => [event.outcome, event.details]),
        [['denied', { kind: 'account', wait_seconds: 1 }]],
      )
      const everything = JSON.stringify(await of(''))
      assert.ok(everything.includes('unknown_account'))
      assert.ok(!everything.includes('p4ssw0rd'))
      assert.ok(!everything.includes(wrong))
    })
  })

  describe(`sixty-four sign-ins at the same time with the right password, on ${engine}`, async () => {
    const world = await testWorld({ engine, env: trusting })
    const { signIn, register } = attackerOn(world)

    it('are all let in, and leave no failure behind', async () => {
      const email = 'crowd@example.com'
      const from = freshAddress()
      await register(email, { from })
      for (const stranger of [{ from, agent: 'another browser' }, { from: freshAddress() }]) {
        const answers = await Promise.all(
          Array.from({ length: 64 }, () => signIn(email, goodPassword, stranger)),
        )
        assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200])
      }
      const left = await world.core.database.read.selectFrom('throttle_counters').selectAll().execute()
      assert.deepEqual(
        left.filter(({ kind, failures }) => kind !== 'registration' && failures > 0),
        [],
      )
    })

    it('and wrong ones among them are counted all the same', async () => {
      const email = 'mixed@example.com'
      await register(email)
      const stranger = { from: freshAddress() }
      const answers = await Promise.all(Array.from({ length: 40 }, () => signIn(email, wrong, stranger)))
      const statuses = answers.map(({ status }) => status)
      assert.ok(statuses.filter(status => status === 401).length <= 6, String(statuses))
      assert.equal((await signIn(email, goodPassword, stranger)).status, 429)
    })
  })

  describe(`two hundred wrong passwords at the same time, on two nodes on ${engine}`, async () => {
    it('are let through a handful in all, and the others count for nothing', async () => {
      const clock = stoppedClock()
      const { hasher, count } = countingHasher()
      const one = await testWorld({ engine, clock, hasher, env: trusting })
      const databaseUrl = one.core.config.databaseUrl
      const two = await testWorld({ engine, clock, hasher, env: trusting, databaseUrl })
      const guessers = [attackerOn(one), attackerOn(two)]
      const email = 'parallel@example.com'
      const answers = await Promise.all(
        Array.from({ length: 200 }, (_, index) => guessers[index % 2]!.attempt(email)),
      )
      const statuses = answers.map(({ status }) => status)
      assert.deepEqual(new Set(statuses), new Set([401, 429]))
      assert.equal(count.checks, 6)
      const counters = await one.core.stores.throttle.list(
        { kind: 'account' },
        {
          limit: 200,
          ordering: { column: 'id', descending: false },
          cursor: undefined,
          search: email,
        },
        clock.nowMs(),
      )
      assert.deepEqual(
        counters.rows.map(({ failures }) => failures),
        [6],
      )
    })
  })
}

describe('a device that signed in before', async () => {
  const clock = stoppedClock()
  const world = await testWorld({ clock, env: trusting })
  const { signIn, attempt, register } = attackerOn(world)
  const email = 'owner@example.com'
  const home = { from: '203.0.113.7', agent: "the owner's browser" }
  let device = (await register(email, home)).device
  const owner = (): Stranger => ({ from: freshAddress(), device })
  const besiege = async () => {
    for (let tries = 0; tries < 6; tries++) await attempt(email)
    assert.equal((await attempt(email)).status, 429)
  }

  it('a known device signs its owner in from any address while all others wait', async () => {
    await besiege()
    assert.equal((await signIn(email, goodPassword, owner())).status, 200)
    assert.equal((await signIn(email, goodPassword)).status, 429)
    clock.advance(24 * 3_600_000)
  })

  it('a device is known by its token alone: network and browser prove nothing, and the answer is that for an unknown account', async () => {
    const nobody = 'nobody@example.com'
    const askTwice = async (address: string) => {
      const answers: unknown[] = []
      for (let tries = 0; tries < 8; tries++) {
        const { status, headers, body } = await attempt(address, home)
        const { date: _, ...rest } = headers
        answers.push([status, Object.entries(rest), { ...body, instance: '' }])
      }
      clock.advance(24 * 3_600_000)
      return answers
    }
    assert.deepEqual(await askTwice(email), await askTwice(nobody))
    await besiege()
    assert.equal((await signIn(email, goodPassword, home)).status, 429)
    clock.advance(24 * 3_600_000)
  })

  it('a known device signs its owner in while its address waits, and all others at that address wait', async () => {
    for (let tries = 0; tries < 31; tries++) await attempt(`neighbour-${tries}@example.com`, home)
    assert.equal((await attempt('neighbour@example.com', home)).status, 429)
    assert.equal((await signIn(email, goodPassword, { ...home, device })).status, 200)
    assert.equal((await signIn(email, goodPassword, home)).status, 429)
    clock.advance(24 * 3_600_000)
  })

  it('a known device signs its owner in while that password waits', async () => {
    for (let tries = 0; tries < 21; tries++) await signIn(`sprayed-${tries}@example.com`, goodPassword)
    assert.equal((await signIn('sprayed@example.com', goodPassword)).status, 429)
    assert.equal((await signIn(email, goodPassword, owner())).status, 200)
    clock.advance(24 * 3_600_000)
  })

  it('a known device has no more free tries than others, with any of its tokens, and its wrong passwords count at its address', async () => {
    const older = device
    const answer = await signIn(email, goodPassword, { ...home, device })
    device = deviceOf(answer)
    for (let tries = 0; tries < 6; tries++) {
      const shown = tries % 2 === 0 ? older : device
      assert.equal((await attempt(email, { ...home, device: shown })).status, 401)
    }
    for (const shown of [older, device]) {
      assert.deepEqual(seen(await signIn(email, goodPassword, { ...home, device: shown })), [429, '1'])
    }
    for (let tries = 0; tries < 25; tries++) await attempt(`next-${tries}@example.com`, home)
    assert.equal((await attempt('next@example.com', home)).status, 429)
    clock.advance(24 * 3_600_000)
  })

  it('is known to its own account only, and to no other server', async () => {
    const other = 'other-owner@example.com'
    const others = await register(other)
    const elsewhere = attackerOn(await testWorld({ clock, env: { ...trusting, ...otherKey } }))
    const foreign = (await elsewhere.register(email)).device
    const altered = `${device.slice(0, 30)}${device[30] === 'A' ? 'B' : 'A'}${device.slice(31)}`
    await besiege()
    for (const shown of [others.device, foreign, `${device}A`, altered, 'x', '']) {
      assert.equal((await signIn(email, goodPassword, { device: shown })).status, 429, shown)
    }
    const headers = { 'propusk-device': `${device}, ${device}`, 'x-forwarded-for': freshAddress() }
    const twice = await world.call('POST', '/login/', { body: { email, password: goodPassword }, headers })
    assert.equal(twice.status, 429)
    assert.equal((await signIn(email, goodPassword, owner())).status, 200)
    clock.advance(24 * 3_600_000)
  })

  it('names the account nowhere in its token, and every sign-in gives one of the same length', async () => {
    const bytes = Buffer.from(device, 'base64url')
    assert.equal(bytes.length, 39)
    assert.ok(!bytes.includes(email))
    for (const address of [email, 'with-a-much-longer-name-than-that@example.com']) {
      if (address !== email) await register(address)
      assert.equal(deviceOf(await signIn(address, goodPassword, { from: freshAddress() })).length, 52)
    }
  })

  it('is known after it signed out, and forgotten after ninety days', async () => {
    const answer = await signIn(email, goodPassword, owner())
    device = deviceOf(answer)
    const token = answer.body.access
    assert.equal((await world.call('POST', '/logout/', { token })).status, 204)
    clock.advance(89 * 86_400_000)
    await besiege()
    assert.equal((await signIn(email, goodPassword, owner())).status, 200)
    clock.advance(2 * 86_400_000)
    await besiege()
    assert.equal((await signIn(email, goodPassword, owner())).status, 429)
    clock.advance(24 * 3_600_000)
    device = deviceOf(await signIn(email, goodPassword, owner()))
  })

  it('a device is unknown after everything of the account was revoked, each time', async () => {
    const administrator = await world.superuser()
    for (let times = 0; times < 2; times++) {
      const signedIn = await signIn(email, goodPassword, owner())
      device = deviceOf(signedIn)
      const { id } = signedIn.body.user
      const { access: token } = await world.login(administrator)
      const revoked = await world.call('POST', `/token/revoke_all/${id}/`, { token })
      assert.ok(revoked.status < 300, revoked.text)
      await besiege()
      assert.equal((await signIn(email, goodPassword, owner())).status, 429)
      clock.advance(24 * 3_600_000)
    }
  })

  it('a device is unknown after the password was changed elsewhere; the device that changes it stays known', async () => {
    const signedIn = await signIn(email, goodPassword, owner())
    const left = deviceOf(signedIn)
    const here = await signIn(email, goodPassword, { from: freshAddress() })
    const next = 'seven quiet lamps at noon'
    const changed = await world.call('POST', '/me/password/', {
      token: here.body.access,
      body: { current_password: goodPassword, password: next, password2: next },
      headers: { 'propusk-device': deviceOf(here) },
    })
    assert.equal(changed.status, 204)
    assert.equal(changed.headers['set-cookie'], undefined)
    await besiege()
    assert.equal((await signIn(email, next, { device: left })).status, 429)
    assert.equal((await signIn(email, next, { device: deviceOf(here) })).status, 429)
    assert.equal((await signIn(email, next, { device: deviceOf(changed) })).status, 200)
  })
})

describe('wrong passwords from one address', async () => {
  const clock = stoppedClock()
  const world = await testWorld({ clock, env: trusting })
  const { attempt } = attackerOn(world)
  let people = 0
  const attemptAnyone = (from: string) => attempt(`anyone-${++people}@example.com`, { from })

  it('are free thirty times, then wait, whomever they are about', async () => {
    const from = freshAddress()
    for (let tries = 0; tries < 31; tries++) assert.equal((await attemptAnyone(from)).status, 401)
    assert.deepEqual(seen(await attemptAnyone(from)), [429, '1'])
    assert.equal((await attemptAnyone(freshAddress())).status, 401)
    clock.advance(3_600_000)
  })

  const same: readonly [string, readonly string[]][] = [
    ['the same /64 of IPv6', ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', '2001:0DB8:1:2:3:4:5:6']],
    ['an IPv4 address and its mapped spellings', ['192.0.2.1', '::ffff:192.0.2.1', '::ffff:c000:201']],
  ]
  for (const [what, addresses] of same) {
    it(`share one counter: ${what}`, async () => {
      for (let tries = 0; tries < 31; tries++) {
        assert.equal((await attemptAnyone(addresses[tries % addresses.length]!)).status, 401)
      }
      for (const address of addresses) assert.equal((await attemptAnyone(address)).status, 429, address)
    })
  }

  it('do not make the next network wait', async () => {
    assert.equal((await attemptAnyone('2001:db8:1:3::1')).status, 401)
    assert.equal((await attemptAnyone('192.0.2.2')).status, 401)
  })
})

describe('an X-Forwarded-For from an address that is no trusted proxy', async () => {
  const world = await testWorld({ clock: stoppedClock() })
  const { attempt } = attackerOn(world)

  it('changes nothing: all that it says is one address', async () => {
    for (let tries = 0; tries < 31; tries++) {
      assert.equal((await attempt(`forged-${tries}@example.com`)).status, 401)
    }
    assert.equal((await attempt('forged@example.com')).status, 429)
  })
})

describe('one password on many accounts from many addresses', async () => {
  const clock = stoppedClock()
  const world = await testWorld({ clock, env: trusting })
  const { signIn } = attackerOn(world)

  it('is free twenty times, then waits, in every form that is the same password', async () => {
    for (let tries = 0; tries < 21; tries++) {
      const tried = tries % 2 === 0 ? 'Sommer\u00fcber2026' : 'Sommeru\u0308ber2026'
      assert.equal((await signIn(`victim-${tries}@example.com`, tried)).status, 401)
    }
    assert.deepEqual(seen(await signIn('victim@example.com', 'Sommer\u00fcber2026')), [429, '1'])
    assert.equal((await signIn('victim@example.com', 'Sommer\u00fcber2027')).status, 401)
  })

  it('leaves sixteen bits of it in the database', async () => {
    const rows = await world.core.database.read
      .selectFrom('throttle_counters')
      .select('subject')
      .where('kind', '=', 'password')
      .execute()
    assert.ok(rows.length > 0)
    for (const { subject } of rows) assert.match(subject, /^[0-9a-f]{4}$/)
  })
})

describe('the current password at POST /me/password/', async () => {
  const clock = stoppedClock()
  const world = await testWorld({ clock, env: trusting })
  const { signIn, register } = attackerOn(world)
  const thief = { 'x-forwarded-for': '192.0.2.77', 'user-agent': 'a thief' }
  const next = 'seven quiet lamps at noon'
  const change = (token: string, current_password: string, headers: Record<string, string> = thief) =>
    world.call('POST', '/me/password/', {
      token,
      body: { current_password, password: next, password2: next },
      headers,
    })

  it('a wrong current password counts like a failed sign-in: a stolen token gives no further tries', async () => {
    const email = 'stolen@example.com'
    const { access } = await register(email)
    for (let tries = 0; tries < 6; tries++)
      assert.equal((await change(access, `${wrong} ${tries}`)).status, 400)
    assert.deepEqual(seen(await change(access, goodPassword)), [429, '1'])
    assert.equal((await signIn(email, goodPassword)).status, 429)
    const { access: token } = await world.superuser()
    const { body } = await world.call('GET', '/audit/?action=user.password_change', { token })
    assert.equal(body.results.length, 6)
    assert.ok(body.results.every((event: { outcome: string }) => event.outcome === 'failure'))
  })

  it('the right current password is accepted from a living session, whatever attempts others make', async () => {
    const email = 'besieged@example.com'
    const { access: own } = await register(email)
    const stolen = (await signIn(email, goodPassword)).body.access
    // More than the budget of the account, of which refused and wrong ones take nothing.
    for (let tries = 0; tries < 40; tries++) await change(stolen, `${wrong} ${tries}`)
    for (let tries = 0; tries < 8; tries++) await signIn(email, `${wrong} ${tries}`)
    for (let tries = 0; tries < 22; tries++) await signIn(`spray-${tries}@example.com`, goodPassword)
    const from = { 'x-forwarded-for': '192.0.2.78' }
    for (let tries = 0; tries < 32; tries++) {
      await world.call('POST', '/login/', {
        body: { email: `n-${tries}@example.com`, password: wrong },
        headers: from,
      })
    }
    assert.equal((await signIn(email, goodPassword)).status, 429)
    assert.equal((await change(stolen, goodPassword)).status, 429)
    assert.equal((await change(own, goodPassword, from)).status, 204)
    clock.advance(3_600_000)
  })

  it('a right current password is no failed attempt when the new password does not fit', async () => {
    const email = 'unfit@example.com'
    const { access: token } = await register(email)
    const body = { current_password: goodPassword, password: 'short', password2: 'short' }
    for (let tries = 0; tries < 8; tries++) {
      assert.equal((await world.call('POST', '/me/password/', { token, body, headers: thief })).status, 400)
    }
    assert.equal((await signIn(email, goodPassword)).status, 200)
  })

  it('starts afresh when it was right', async () => {
    const email = 'right@example.com'
    const { access } = await register(email)
    for (let tries = 0; tries < 5; tries++) await change(access, `${wrong} again ${tries}`)
    assert.equal((await change(access, goodPassword)).status, 204)
    for (let tries = 0; tries < 5; tries++) {
      assert.equal((await signIn(email, `${wrong} later ${tries}`)).status, 401)
    }
    assert.equal((await signIn(email, next)).status, 200)
  })
})

describe('rate limits', async () => {
  const clock = stoppedClock()
  const env = { ...trusting, PROPUSK_LIMIT_REGISTRATION: '3/1h', PROPUSK_LIMIT_PASSWORD_CHANGE: '2/1h' }
  const world = await testWorld({ clock, env })
  const headers = { 'x-forwarded-for': '2001:db8:9::1' }
  const open = (email: string, password = goodPassword, from: Record<string, string> = headers) =>
    world.call('POST', '/register/', { body: { email, password, password2: password }, headers: from })

  it('the limit of registrations from one network per hour answers 429 with Retry-After', async () => {
    for (const name of ['a', 'b', 'c']) assert.equal((await open(`${name}@example.com`)).status, 201)
    assert.deepEqual(seen(await open('d@example.com')), [429, '1200'])
    assert.deepEqual(
      seen(await open('d@example.com', goodPassword, { 'x-forwarded-for': '2001:db8:9::2' })),
      [429, '1200'],
    )
    const elsewhere = { 'x-forwarded-for': '2001:db8:9:1::2' }
    assert.equal((await open('d@example.com', goodPassword, elsewhere)).status, 201)
    clock.advance(1_200_000)
    assert.equal((await open('e@example.com')).status, 201)
    assert.equal((await open('f@example.com')).status, 429)
    clock.advance(3_600_000)
  })

  it('are not touched by a registration whose form does not fit, and are by one of an address that is taken', async () => {
    for (let tries = 0; tries < 5; tries++) assert.equal((await open('g@example.com', 'short')).status, 400)
    for (let tries = 0; tries < 3; tries++) assert.equal((await open('a@example.com')).status, 409)
    assert.equal((await open('a@example.com')).status, 429)
  })

  it('let an account ask so often for another password', async () => {
    const token = (await open('often@example.com', goodPassword, { 'x-forwarded-for': '192.0.2.9' })).body
      .access
    const statuses: number[] = []
    for (let tries = 0; tries < 3; tries++) {
      const body = { current_password: goodPassword, password: 'short', password2: 'short' }
      statuses.push((await world.call('POST', '/me/password/', { token, body })).status)
    }
    assert.deepEqual(statuses, [400, 400, 429])
  })
})

describe('every public call that gives tokens', async () => {
  const env = {
    PROPUSK_GUESSES_PER_ADDRESS: '1',
    PROPUSK_LIMIT_REGISTRATION: '1/1h',
    PROPUSK_LIMIT_REFRESH: '1/1h',
    PROPUSK_LIMIT_BAD_REFRESH: '1/1h',
    PROPUSK_LIMIT_CODES: '1/1h',
    PROPUSK_LOGIN_CODE: 'on',
    PROPUSK_MAIL_URL: 'smtp://127.0.0.1:1',
    PROPUSK_MAIL_FROM: 'accounts@example.com',
  }
  const world = await testWorld({ clock: stoppedClock(), env })
  const noPasskey = createAuthenticator().get({ challenge: 'none' }, { userHandle: 'none' })
  let names = 0
  const email = () => `caller-${++names}@example.com`
  const bodies: Readonly<Record<string, () => unknown>> = {
    '/register/': () => ({ email: email(), password: goodPassword, password2: goodPassword }),
    '/login/': () => ({ email: email(), password: goodPassword }),
    '/login/passkey/': () => ({ passkey: noPasskey }),
    '/browser/login/passkey/': () => ({ passkey: noPasskey }),
    '/login/factor/': () => ({ ticket: 'not a ticket', totp: '000000' }),
    '/browser/login/factor/': () => ({ ticket: 'not a ticket', totp: '000000' }),
    '/login/code/': () => ({ email: email(), code: '00000000' }),
    '/browser/login/code/': () => ({ email: email(), code: '00000000' }),
    '/setup/': () => ({
      token: 'not a link',
      email: email(),
      password: goodPassword,
      password2: goodPassword,
    }),
    '/token/refresh/': () => ({ refresh: 'not a token' }),
    '/browser/register/': () => ({ email: email(), password: goodPassword, password2: goodPassword }),
    '/browser/login/': () => ({ email: email(), password: goodPassword }),
    '/browser/refresh/': () => ({}),
    '/browser/step_up/': () => ({ totp: '000000' }),
  }
  const headers = browserHeaders('not.a.token')

  it('says 429 and when to come back to one that calls it again and again', async () => {
    const givesTokens = (schema: unknown) => JSON.stringify(schema ?? null).includes('"access"')
    const minting = world.server.app.routes.filter(
      ({ route }) =>
        (route.access === 'public' || route.access === 'browser') && givesTokens(route.success.schema),
    )
    assert.deepEqual(minting.map(({ route }) => route.path).toSorted(), Object.keys(bodies).toSorted())
    for (const { route } of minting) {
      let last: Answer | undefined
      for (let tries = 0; tries < 70 && last?.status !== 429; tries++) {
        last = await world.call(route.method, route.path, { headers, body: bodies[route.path]!() })
      }
      assert.equal(last!.status, 429, route.path)
      assert.match(String(last!.headers['retry-after']), /^[1-9]\d*$/)
      assert.equal(last!.body.code, 'too_many_requests')
    }
  })
})
