import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { browserHeaders } from '../../../test/support/sample-requests.ts'
import { stoppedClock } from '../../../test/support/stopped-clock.ts'
import { claimsOf, enrolTotp } from '../../../test/support/totp.ts'
import {
  type Account,
  type Answer,
  goodPassword,
  testWorld,
  type World,
} from '../../../test/support/world.ts'

const cookieName = '__Host-propusk'

const deviceCookieName = '__Host-propusk-device'

/** A cookie that an answer sets, and sets once: its value, and its attributes, sorted. */
function cookieOf({ headers }: Pick<Answer, 'headers'>, name = cookieName) {
  const set = [headers['set-cookie'] ?? []].flat().filter(each => each.startsWith(`${name}=`))
  assert.equal(set.length, 1, `one Set-Cookie of ${name}`)
  const [pair, ...attributes] = set[0]!.split('; ')
  return { value: pair!.slice(name.length + 1), attributes: attributes.sort() }
}

const clearing = ['HttpOnly', 'Max-Age=0', 'Path=/', 'SameSite=Strict', 'Secure']

const assertCleared = (answer: Answer) =>
  assert.deepEqual(cookieOf(answer), { value: '', attributes: clearing })

const credentialsOf = ({ email, password }: Account) => ({ email, password })

/** A browser on a page of ours: it keeps what it is told to keep. */
function browser(world: World) {
  let cookie: string | undefined
  return {
    get cookie() {
      return cookie
    },
    async call(path: string, body: unknown = {}) {
      const answer = await world.call('POST', `/browser${path}`, { body, headers: browserHeaders(cookie) })
      if (answer.headers['set-cookie'] !== undefined) cookie = cookieOf(answer).value || undefined
      return answer
    },
  }
}

const isAlive = async (world: World, token: string) =>
  (await world.call('GET', '/me/', { token })).status === 200

describe('the session cookie', async () => {
  const world = await testWorld({ env: { PROPUSK_SESSION_TTL: '2h' } })
  const { email } = await world.register()
  const credentials = { email, password: goodPassword }

  it('is for this host only, over HTTPS only, and for no script', async () => {
    const answer = await browser(world).call('/login/', credentials)
    assert.equal(answer.status, 200)
    const { attributes } = cookieOf(answer)
    const [httpOnly, maxAgeText, ...others] = attributes
    assert.deepEqual([httpOnly, 'Max-Age=0', ...others], clearing)
    const maxAge = Number(/^Max-Age=(\d+)$/.exec(maxAgeText!)?.[1])
    assert.ok(maxAge > 7190 && maxAge <= 7200, `${maxAge}`)
  })

  it('lives as long as what is left of its session, however often it is exchanged', async () => {
    const page = browser(world)
    await page.call('/login/', credentials)
    world.clock.advance(3_600_000)
    const { attributes } = cookieOf(await page.call('/refresh/'))
    const maxAge = Number(attributes[1]!.slice('Max-Age='.length))
    assert.ok(maxAge > 3590 && maxAge <= 3600, `${maxAge}`)
  })

  it('is the only place of the refresh token', async () => {
    const page = browser(world)
    const registered = await page.call('/register/', {
      email: 'fresh@example.com',
      password: goodPassword,
      password2: goodPassword,
    })
    assert.equal(registered.status, 201)
    assert.deepEqual(Object.keys(registered.body), ['access', 'session', 'user'])
    assert.equal(registered.body.user.email, 'fresh@example.com')
    const loggedIn = await browser(world).call('/login/', credentials)
    assert.deepEqual(Object.keys(loggedIn.body), ['access', 'session', 'user'])
    const refreshed = await page.call('/refresh/')
    assert.deepEqual(Object.keys(refreshed.body), ['access', 'session'])
    for (const { text } of [registered, loggedIn, refreshed]) assert.ok(!text.includes(page.cookie!))
  })

  it('opens nothing by itself: no other call looks at it', async () => {
    const page = browser(world)
    await page.call('/login/', credentials)
    const { routes } = world.server.app
    const others = routes.filter(({ route }) => route.access !== 'browser' && route.access !== 'public')
    assert.ok(others.length > 60)
    for (const { basePath, route } of others) {
      const url = basePath + route.path.replaceAll(/:\w+/g, '1')
      const { status, body } = await world.call(route.method, url, { headers: browserHeaders(page.cookie) })
      // A route of a standard refuses in the form of the standard.
      const code = route.standard === undefined ? 'not_authenticated' : body.code
      assert.deepEqual([status, body.code], [401, code], url)
    }
    const bare = await world.call('POST', '/token/refresh/', {
      body: {},
      headers: browserHeaders(page.cookie),
    })
    assert.deepEqual([bare.status, bare.headers['set-cookie']], [400, undefined])
  })

  it('is none when there are two of its name, or when it has no possible form', async () => {
    const page = browser(world)
    await page.call('/login/', credentials)
    const good = `${cookieName}=${page.cookie}`
    const cookies = [
      `${good}; ${good}`,
      `${good}; ${cookieName}=x`,
      `${cookieName}=; ${good}`,
      `${cookieName}; ${good}`,
      `${cookieName}="${page.cookie}"`,
      `${good}%20`,
      `${cookieName}=${'a'.repeat(5_000)}.b.c`,
      `${cookieName}=`,
    ]
    const ofOthers = [`__host-propusk=${page.cookie}`, `x${good}`, `other="${good}`, '=', ';;;']
    for (const cookie of [...cookies, ...ofOthers]) {
      const headers = { ...browserHeaders(), cookie }
      const answer = await world.call('POST', '/browser/refresh/', { body: {}, headers })
      assert.deepEqual([answer.status, answer.body.code], [401, 'invalid_refresh_token'], cookie)
      if (ofOthers.includes(cookie)) assert.equal(answer.headers['set-cookie'], undefined)
      else assertCleared(answer)
    }
    assert.equal((await page.call('/refresh/')).status, 200)
  })

  it('may stand among others', async () => {
    const page = browser(world)
    await page.call('/login/', credentials)
    const headers = { ...browserHeaders(), cookie: `a=b;  ${cookieName}=${page.cookie} ;propusk=1` }
    assert.equal((await world.call('POST', '/browser/refresh/', { body: {}, headers })).status, 200)
  })
})

describe('POST /browser/login/', async () => {
  const world = await testWorld()

  it('ends the session that the browser had before, and no other', async () => {
    const account = await world.register()
    const page = browser(world)
    const first = await page.call('/login/', credentialsOf(account))
    const before = page.cookie
    assert.equal((await page.call('/login/', credentialsOf(account))).status, 200)
    assert.ok(!(await isAlive(world, first.body.access)))
    assert.ok(await isAlive(world, account.access), 'the session of another device')
    const reused = await world.call('POST', '/token/refresh/', { body: { refresh: before } })
    assert.equal(reused.status, 401)
  })

  it('the session of the cookie ends also when another account signs in or registers with it', async () => {
    const [one, other] = [await world.register(), await world.register()]
    const page = browser(world)
    const first = await page.call('/login/', credentialsOf(one))
    const second = await page.call('/login/', credentialsOf(other))
    assert.ok(!(await isAlive(world, first.body.access)))
    const body = { email: 'third@example.com', password: goodPassword, password2: goodPassword }
    const third = await page.call('/register/', body)
    assert.ok(!(await isAlive(world, second.body.access)))
    assert.ok(await isAlive(world, third.body.access))
  })

  it('that fails changes neither the cookie nor its session', async () => {
    const account = await world.register()
    const page = browser(world)
    const { body } = await page.call('/login/', credentialsOf(account))
    const refused = await page.call('/login/', { email: account.email, password: 'not the password' })
    assert.deepEqual([refused.status, refused.headers['set-cookie']], [401, undefined])
    assert.ok(await isAlive(world, body.access))
  })

  it('POST /browser/login/ shares the counters of failed attempts with /login/', async () => {
    const { email } = await world.register()
    const wrong = { email, password: 'not the password' }
    const statuses: number[] = []
    for (let tries = 0; tries < 8; tries++) {
      const path = tries % 2 === 0 ? '/login/' : '/browser/login/'
      const answer = await world.call('POST', path, { body: wrong, headers: browserHeaders() })
      statuses.push(answer.status)
    }
    assert.deepEqual(new Set(statuses.slice(0, 3)), new Set([401]))
    assert.equal(statuses.at(-1), 429)
    assert.equal(statuses.at(-2), 429)
  })

  it('says nothing more than /login/ does', async () => {
    for (const email of ['nobody@example.com', (await world.register()).email]) {
      const answer = await browser(world).call('/login/', { email, password: 'not the password' })
      assert.deepEqual([answer.status, answer.body.code], [401, 'invalid_credentials'])
      assert.equal(answer.headers['set-cookie'], undefined)
    }
  })
})

describe('the device cookie', async () => {
  const env = { PROPUSK_TRUST_PROXY: '127.0.0.1', PROPUSK_LOG_LEVEL: 'error' }
  const clock = stoppedClock()
  const world = await testWorld({ clock, env })
  const { email } = await world.register()
  const credentials = { email, password: goodPassword }
  const logIn = (path: string, cookie: string, body = credentials) =>
    world.call('POST', path, { body, headers: { 'sec-fetch-site': 'same-origin', cookie } })
  const first = await logIn('/browser/login/', '')
  const device = `${deviceCookieName}=${cookieOf(first, deviceCookieName).value}`
  const besiege = async () => {
    for (let tries = 0; tries < 6; tries++) {
      const headers = { 'x-forwarded-for': `198.18.0.${tries}` }
      await world.call('POST', '/login/', { body: { email, password: `wrong wrong ${tries}` }, headers })
    }
  }

  it('is for this host only, over HTTPS only, for no script, and for ninety days', () => {
    const { attributes } = cookieOf(first, deviceCookieName)
    assert.deepEqual(attributes, clearing.with(1, 'Max-Age=7776000'))
    assert.equal(first.headers['propusk-device'], undefined)
  })

  it('a device cookie lets its owner sign in while all others wait, also after a sign-out', async () => {
    const out = await logIn('/browser/logout/', device, {} as never)
    assert.equal(out.status, 204)
    assert.ok(!String(out.headers['set-cookie']).includes(deviceCookieName))
    await besiege()
    assert.equal((await logIn('/browser/login/', '')).status, 429)
    assert.equal((await logIn('/browser/login/', `${device}; ${device}`)).status, 429)
    assert.equal((await logIn('/browser/login/', device)).status, 200)
    clock.advance(24 * 3_600_000)
  })

  it('is nothing to a call that is not of the browser, and no such call sets it', async () => {
    await besiege()
    assert.equal((await logIn('/login/', device)).status, 429)
    clock.advance(24 * 3_600_000)
    const answer = await logIn('/login/', device)
    assert.equal(answer.status, 200)
    assert.equal(answer.headers['set-cookie'], undefined)
  })

  it('is renewed by a page that changes the password', async () => {
    const { body } = await logIn('/browser/login/', device)
    const next = 'seven quiet lamps at noon'
    const changed = await world.call('POST', '/me/password/', {
      token: body.access,
      body: { current_password: goodPassword, password: next, password2: next },
      headers: { cookie: device },
    })
    assert.deepEqual([changed.status, changed.headers['propusk-device']], [204, undefined])
    const renewed = `${deviceCookieName}=${cookieOf(changed, deviceCookieName).value}`
    await besiege()
    assert.equal((await logIn('/browser/login/', device, { email, password: next })).status, 429)
    assert.equal((await logIn('/browser/login/', renewed, { email, password: next })).status, 200)
  })
})

for (const engine of engines) {
  describe(`POST /browser/refresh/ on ${engine}`, async () => {
    const world = await testWorld({ engine })

    it('serves two tabs that refresh at once, with one line of tokens', async () => {
      const account = await world.register()
      const page = browser(world)
      await page.call('/login/', credentialsOf(account))
      const headers = browserHeaders(page.cookie)
      const tab = () => world.call('POST', '/browser/refresh/', { body: {}, headers })
      const [one, other] = await Promise.all([tab(), tab()])
      assert.deepEqual([one.status, other.status], [200, 200])
      assert.equal(cookieOf(one).value, cookieOf(other).value)
      assert.ok(await isAlive(world, other.body.access))
    })

    it('of a token that was used before ends the session', async () => {
      const account = await world.register()
      const page = browser(world)
      await page.call('/login/', credentialsOf(account))
      const stolen = browserHeaders(page.cookie)
      await page.call('/refresh/')
      const { body } = await page.call('/refresh/')
      const again = await world.call('POST', '/browser/refresh/', { body: {}, headers: stolen })
      assert.deepEqual([again.status, again.body.code], [401, 'invalid_refresh_token'])
      assert.ok(!(await isAlive(world, body.access)))
    })

    it('that comes too late leaves the cookie alone that another tab has got by a new sign-in', async () => {
      const account = await world.register()
      const page = browser(world)
      await page.call('/login/', credentialsOf(account))
      const stale = browserHeaders(page.cookie)
      await page.call('/login/', credentialsOf(account))
      for (const path of ['/browser/refresh/', '/browser/session/']) {
        const late = await world.call('POST', path, { body: {}, headers: stale })
        assert.deepEqual([late.status, late.headers['set-cookie']], [401, undefined], path)
      }
      assert.equal((await page.call('/refresh/')).status, 200)
    })
  })
}

describe('POST /browser/refresh/ without a usable cookie', async () => {
  const world = await testWorld()

  it('is a 401 without a cookie, which another tab may get meanwhile', async () => {
    const answer = await world.call('POST', '/browser/refresh/', { body: {}, headers: browserHeaders() })
    assert.deepEqual([answer.status, answer.headers['set-cookie']], [401, undefined])
  })

  it('is a 401 that clears a cookie without a token of this server', async () => {
    for (const cookie of ['a.b.c', (await world.register()).access]) {
      const headers = browserHeaders(cookie)
      const answer = await world.call('POST', '/browser/refresh/', { body: {}, headers })
      assert.deepEqual([answer.status, answer.body.code], [401, 'invalid_refresh_token'])
      assert.match(String(answer.headers['www-authenticate']), /^Bearer /)
      assertCleared(answer)
    }
  })
})

describe('POST /browser/logout/', async () => {
  const world = await testWorld()

  it('ends the session of the cookie, clears it, and writes it down as a sign-out', async () => {
    const account = await world.register()
    const page = browser(world)
    const { body } = await page.call('/login/', credentialsOf(account))
    const answer = await page.call('/logout/')
    assert.equal(answer.status, 204)
    assertCleared(answer)
    assert.equal(answer.headers['clear-site-data'], '"storage"')
    assert.ok(!(await isAlive(world, body.access)))
    assert.ok(await isAlive(world, account.access))
    const reader = await world.superuser()
    const audit = await world.call('GET', '/audit/?ordering=-id&action=session.logout', {
      token: reader.access,
    })
    assert.equal(audit.body.results[0].actor.id, account.id)
  })

  it('answers the same without a cookie, with one of nothing and with one that is over', async () => {
    const page = browser(world)
    await page.call('/login/', credentialsOf(await world.register()))
    const over = page.cookie
    await page.call('/logout/')
    for (const cookie of [undefined, 'a.b.c', over]) {
      const answer = await world.call('POST', '/browser/logout/', {
        body: {},
        headers: browserHeaders(cookie),
      })
      assert.equal(answer.status, 204)
      assertCleared(answer)
    }
  })
})

describe('a request that another site makes', async () => {
  const world = await testWorld({
    env: {
      PROPUSK_PUBLIC_URL: 'https://id.example.org/auth',
      PROPUSK_CORS_ORIGINS: 'https://friend.example',
    },
  })
  const account = await world.register()
  const page = browser(world)
  const { body } = await page.call('/login/', credentialsOf(account))
  const paths = ['/register/', '/login/', '/refresh/', '/logout/']
  const cookie = `${cookieName}=${page.cookie}`

  const foreign: readonly Record<string, string>[] = [
    {},
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none' },
    { 'sec-fetch-site': '' },
    { 'sec-fetch-site': 'Same-Origin' },
    { 'sec-fetch-site': 'same-origin, same-origin' },
    { 'sec-fetch-site': 'cross-site', origin: 'https://id.example.org' },
    { 'sec-fetch-site': 'cross-site', origin: 'https://friend.example' },
    { origin: 'https://friend.example' },
    { origin: 'null' },
    { origin: 'https://evil.example' },
    { origin: 'http://id.example.org' },
    { origin: 'https://id.example.org.evil.example' },
    { origin: 'https://id.example.org/auth' },
    { origin: 'https://localhost', host: 'localhost' },
    { referer: 'https://id.example.org/console/' },
    { 'x-requested-with': 'XMLHttpRequest' },
  ]

  for (const headers of foreign) {
    it(`with ${JSON.stringify(headers)} is refused and ends nothing`, async () => {
      for (const path of paths) {
        const answer = await world.call('POST', `/browser${path}`, {
          body: credentialsOf(account),
          headers: { ...headers, cookie },
        })
        assert.deepEqual([answer.status, answer.body.code], [403, 'cross_site_request'], path)
        assert.equal(answer.headers['set-cookie'], undefined)
        assert.equal(answer.headers['access-control-allow-credentials'], undefined)
      }
      assert.ok(await isAlive(world, body.access))
    })
  }

  it('is not one in a browser without Sec-Fetch-Site, by its Origin', async () => {
    for (const headers of [
      { origin: 'https://id.example.org' },
      { origin: 'http://localhost:8000', host: 'localhost:8000' },
    ]) {
      const answer = await world.call('POST', '/browser/logout/', { body: {}, headers })
      assert.equal(answer.status, 204, JSON.stringify(headers))
    }
  })

  it('cannot be made without a preflight: the body must be there, and JSON', async () => {
    const plain = [
      {},
      { 'content-type': 'text/plain' },
      { 'content-type': 'application/x-www-form-urlencoded' },
      { 'content-type': 'multipart/form-data; boundary=x' },
    ]
    for (const path of paths) {
      for (const headers of plain) {
        const answer = await world.inject({
          method: 'POST',
          url: `/api/auth/browser${path}`,
          headers: { ...browserHeaders(page.cookie), ...headers },
          ...(Object.keys(headers).length > 0 && { payload: '{}' }),
        })
        assert.deepEqual([answer.statusCode, answer.json().code], [415, 'unsupported_media_type'], path)
      }
    }
    assert.ok(await isAlive(world, body.access))
  })

  it('gets no credentials by CORS, not even from an origin that may call the API', async () => {
    const headers = { origin: 'https://friend.example', 'access-control-request-method': 'POST' }
    for (const path of paths) {
      const url = `/api/auth/browser${path}`
      const answer = await world.inject({ method: 'OPTIONS', url, headers })
      assert.equal(answer.headers['access-control-allow-credentials'], undefined)
    }
  })
})

describe('POST /browser/step_up/', async () => {
  const world = await testWorld()
  const stepUp = (cookie: string, body: Record<string, unknown>) =>
    world.call('POST', '/browser/step_up/', { body, headers: browserHeaders(cookie) })
  /** The refresh token that an answer puts into the cookie. */
  const kept = ({ headers }: Answer) =>
    /__Host-propusk=([^;]*)/.exec(String(headers['set-cookie']))?.[1] ?? assert.fail('no cookie')

  it('raises the session of the cookie, whose token is exchanged, also where the proof is wrong', async () => {
    const person = await world.register()
    const app = await enrolTotp(world, person)
    const wrong = await stepUp(person.refresh, { totp: '000000' })
    assert.deepEqual([wrong.status, Object.keys(wrong.body.errors)], [400, ['totp']])
    const right = await stepUp(kept(wrong), { totp: app.next() })
    assert.equal(right.status, 200, right.text)
    const { sid, acr } = claimsOf(right.body.access)
    assert.deepEqual([sid, acr], [claimsOf(person.access).sid, 'aal2'])
    const removed = await world.call('DELETE', `/me/factors/${app.id}/`, { token: right.body.access })
    assert.equal(removed.status, 204)
    const next = await world.call('POST', '/browser/refresh/', {
      body: {},
      headers: browserHeaders(kept(right)),
    })
    assert.equal(claimsOf(next.body.access).acr, 'aal2')
  })

  it('serves another tab that refreshes with the token before, and asks nothing without a cookie', async () => {
    const person = await world.register()
    const raised = await stepUp(person.refresh, { password: person.password })
    assert.equal(raised.status, 200)
    const elsewhere = await world.call('POST', '/browser/refresh/', {
      body: {},
      headers: browserHeaders(person.refresh),
    })
    assert.equal(elsewhere.status, 200)
    assert.equal((await stepUp('none', { password: person.password })).status, 401)
  })
})
