import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  cookieEnv,
  enter,
  forwardCookieIn,
  forwardCookieName,
  forwardCookieOf,
} from '../../../test/forward-auth/support/forward-cookie.ts'
import { startProtected } from '../../../test/forward-auth/support/protected-world.ts'
import { rawGet } from '../../../test/forward-auth/support/raw-request.ts'
import { engines, migratedDatabaseUrl } from '../../../test/support/engines.ts'
import { browserHeaders } from '../../../test/support/sample-requests.ts'
import { testWorld } from '../../../test/support/world.ts'

describe('a browser before a proxy that asks', async () => {
  const { world, chief, make, port } = await startProtected(cookieEnv)
  const page = ['Accept: text/html,*/*', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document']

  const ask = (proxy: string, uri: string, headers: readonly string[] = [], method = 'GET') =>
    rawGet(port, `/api/auth/access/forward/?proxy=${proxy}`, {
      host: 'app.example.org',
      headers: [
        ...(proxy === 'nginx'
          ? [`X-Original-URI: ${uri}`, `X-Original-Method: ${method}`]
          : [
              `X-Forwarded-Uri: ${uri}`,
              `X-Forwarded-Method: ${method}`,
              'X-Forwarded-Host: app.example.org:8443',
            ]),
        ...headers,
      ],
    })
  const as = (uri: string, cookie: string, method = 'GET', ...headers: readonly string[]) =>
    ask('caddy', uri, [`Cookie: ${cookie}`, ...headers], method)
  const envoy = (uri: string, headers: readonly string[] = []) =>
    rawGet(port, `/api/auth/access/forward/?proxy=envoy&uri=${uri}`, { host: 'app.example.org', headers })
  const headerOf = (text: string, name: string) => new RegExp(`\r\n${name}: ([^\r]*)`, 'i').exec(text)?.[1]

  it('is led to the sign-in page and knows the way back', async () => {
    const to = (authority: string) =>
      `https://auth.example.org/account/forward?to=${encodeURIComponent(`https://${authority}/x?a=%2F&b`)}`
    for (const proxy of ['traefik', 'caddy']) {
      const { status, text } = await ask(proxy, '/x?a=%2F&b', page)
      assert.equal(status, 302, proxy)
      assert.equal(headerOf(text, 'location'), to('app.example.org:8443'))
      assert.match(text, /\r\ncache-control: no-store/i)
    }
    const byEnvoy = await envoy('/x?a=%2F&b', page)
    assert.deepEqual([byEnvoy.status, headerOf(byEnvoy.text, 'location')], [302, to('app.example.org')])
    const byNginx = await ask('nginx', '/x?a=%2F&b', page)
    assert.deepEqual(
      [byNginx.status, headerOf(byNginx.text, 'x-propusk-sign-in')],
      [401, to('app.example.org')],
    )
  })

  it('is led nowhere where a person does not wait for a page, or a token was sent', async () => {
    const cases: readonly (readonly [string, readonly string[]])[] = [
      ['GET', []],
      ['GET', ['Accept: application/json']],
      ['GET', ['Accept: text/html', 'Sec-Fetch-Mode: cors', 'Sec-Fetch-Dest: empty']],
      ['GET', ['Accept: text/html', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: iframe']],
      ['GET', [...page, 'Authorization: Bearer x']],
      ['GET', [...page, 'Authorization: Basic YTpi']],
      ['POST', page],
      ['HEAD', page],
    ]
    for (const [method, headers] of cases) {
      const uri = method === 'POST' ? '/admin/x' : '/x'
      for (const proxy of ['caddy', 'nginx']) {
        const { status, text } = await ask(proxy, uri, headers, method)
        assert.equal(status, 401, `${method} ${headers.join()}`)
        assert.doesNotMatch(text, /x-propusk-sign-in|\r\nlocation:/i)
      }
    }
    assert.equal((await ask('caddy', '/x', ['Accept: text/html'])).status, 302, 'an older browser')
    assert.equal((await ask('caddy', '/open/x', page)).status, 200)
  })

  it('is refused and not led around where it is signed in and may not, or no rule answers', async () => {
    const cookie = await forwardCookieOf(world, await world.register())
    assert.equal((await as('/admin/x', cookie, 'GET', ...page)).status, 403)
    assert.equal((await ask('caddy', '//x', page)).status, 403)
  })

  it('is not led to a sign-in whose cookie would not reach its host', async () => {
    await make('/forward_rules/', { host: 'app.example.com', path: '/*', access: 'signed_in' })
    const headers = [
      'X-Forwarded-Uri: /',
      'X-Forwarded-Method: GET',
      'X-Forwarded-Host: app.example.com',
      ...page,
    ]
    assert.equal((await rawGet(port, '/api/auth/access/forward/?proxy=caddy', { headers })).status, 401)
  })

  it('passes by the cookie, as whoever is signed in, and with the permissions of now', async () => {
    const reader = await world.withPermissions('documents:read')
    const cookie = await forwardCookieOf(world, reader)
    const { status, text } = await as('/admin/x', `a=1; ${cookie}; b=2`)
    assert.equal(status, 200)
    assert.equal(headerOf(text, 'x-propusk-user-id'), String(reader.id))
    assert.equal(headerOf(text, 'x-propusk-session')?.length, 36)
    assert.equal(headerOf(text, 'cookie'), 'a=1; b=2')
    const { body } = await world.call('GET', '/me/', { token: reader.access })
    for (const role of body.roles) {
      const path = `/users/${reader.id}/roles/${role.code_name ?? role}/`
      const taken = await world.call('DELETE', path, { token: chief.access })
      assert.equal(taken.status, 204, taken.text)
    }
    assert.equal((await as('/admin/x', cookie)).status, 403)
    assert.equal((await as('/x', cookie)).status, 200)
  })

  it('shows the service no cookie of ours, also on a public path and where there are two', async () => {
    const cookie = await forwardCookieOf(world, await world.register())
    for (const proxy of ['caddy', 'nginx', 'traefik']) {
      const { text } = await ask(proxy, '/open/x', [`Cookie: ${cookie}; a=1; ${cookie}`])
      assert.equal(headerOf(text, 'cookie'), 'a=1')
    }
    assert.equal(headerOf((await ask('traefik', '/x', [`Cookie: ${cookie}`])).text, 'cookie'), '')
  })

  it('does not pass by two cookies, by a part of one, nor by a token of another kind', async () => {
    const account = await world.register()
    const cookie = await forwardCookieOf(world, account)
    const others = [`${cookie}; ${cookie}`, `${cookie}x`, cookie.slice(0, -1), `${forwardCookieName}=`]
    for (const kind of [account.access, account.refresh]) others.push(`${forwardCookieName}=${kind}`)
    for (const other of others) {
      assert.equal((await as('/x', other)).status, 401, other)
      assert.equal((await as('/x', other, 'GET', ...page)).status, 302, other)
    }
  })

  it('holds a token that nothing else takes', async () => {
    const account = await world.withPermissions('tokens:read')
    const token = (await forwardCookieOf(world, account)).slice(forwardCookieName.length + 1)
    assert.equal((await world.call('GET', '/me/', { token })).status, 401)
    assert.equal((await world.call('POST', '/token/refresh/', { body: { refresh: token } })).status, 401)
    assert.equal((await ask('caddy', '/x', [`Authorization: Bearer ${token}`])).status, 401)
    assert.equal((await enter(world, token)).status, 401)
  })

  it('is let in no more after a sign-out or a deactivation', async () => {
    const leaver = await world.register()
    const left = await forwardCookieOf(world, leaver)
    const deactivated = await world.register()
    const gone = await forwardCookieOf(world, deactivated)
    for (const cookie of [left, gone]) assert.equal((await as('/x', cookie)).status, 200)

    const everywhere = await world.call('POST', '/token/revoke_all/', { token: leaver.access })
    assert.equal(everywhere.status, 200, everywhere.text)
    assert.equal((await as('/x', left)).status, 401)
    const patch = { token: chief.access, body: { is_active: false } }
    assert.equal((await world.call('PATCH', `/users/${deactivated.id}/`, patch)).status, 200)
    assert.equal((await as('/x', gone)).status, 401)
  })

  it('may only read where a page of another host asks', async () => {
    await make('/forward_rules/', { host: 'app.example.org', path: '/form', access: 'signed_in' })
    const account = await world.register()
    const cookie = await forwardCookieOf(world, account)
    const own = 'Origin: https://app.example.org'
    const sibling = 'Origin: https://evil.example.org'
    const cases: readonly (readonly [number, string, readonly string[]])[] = [
      [200, 'POST', ['Sec-Fetch-Site: same-origin', own]],
      [200, 'POST', [own]],
      [200, 'GET', ['Sec-Fetch-Site: same-site']],
      [200, 'GET', ['Sec-Fetch-Site: cross-site']],
      [200, 'GET', ['Sec-Fetch-Site: same-origin', own]],
      [403, 'POST', []],
      [403, 'POST', ['Sec-Fetch-Site: same-site', sibling]],
      [403, 'POST', ['Sec-Fetch-Site: same-site', own]],
      [403, 'POST', ['Sec-Fetch-Site: none']],
      [403, 'POST', ['Sec-Fetch-Site: same-origin', 'Sec-Fetch-Site: same-origin']],
      [403, 'POST', [sibling]],
      [403, 'POST', ['Origin: null']],
      [403, 'POST', ['Origin: http://app.example.org']],
      [403, 'POST', [own, own]],
      [403, 'GET', [sibling]],
      [403, 'GET', ['Sec-Fetch-Mode: websocket', 'Sec-Fetch-Site: same-site', sibling]],
      [403, 'DELETE', ['Sec-Fetch-Site: same-site']],
    ]
    for (const [status, method, headers] of cases) {
      assert.equal(
        (await as('/form', cookie, method, ...headers)).status,
        status,
        `${method} ${headers.join()}`,
      )
    }
    // A token is never sent by a browser by itself.
    const bearer = [`Authorization: Bearer ${account.access}`, sibling]
    assert.equal((await ask('caddy', '/form', bearer, 'POST')).status, 200)
  })
})

describe('the cookie of forward-auth', async () => {
  const { world, port } = await startProtected({ ...cookieEnv, PROPUSK_SESSION_TTL: '2h' })

  it('is for the domain, over https, for no script, and lives no longer than the session', async () => {
    const account = await world.register()
    world.clock.advance(3_600_000)
    const answer = await enter(world, account.refresh)
    assert.deepEqual(answer.body, { to: 'https://app.example.org/x' })
    const { attributes, value } = forwardCookieIn(answer)
    const [domain, httpOnly, maxAgeText, ...others] = attributes
    assert.deepEqual(
      [domain, httpOnly, ...others],
      ['Domain=example.org', 'HttpOnly', 'Path=/', 'SameSite=Lax', 'Secure'],
    )
    const maxAge = Number(maxAgeText!.slice('Max-Age='.length))
    assert.ok(maxAge > 3590 && maxAge <= 3600, `${maxAge}`)
    const { exp, aud } = JSON.parse(Buffer.from(value.split('.')[1]!, 'base64url').toString())
    assert.equal(aud, 'example.org')
    assert.ok(Math.abs(exp - world.clock.nowMs() / 1000 - maxAge) < 10)
  })

  it('is given to a page of our own alone, with a session, and for an address of the domain that has a rule', async () => {
    const account = await world.register()
    for (const to of ['https://other.example.org/', 'https://evil.net/', 'http://app.example.org/', '']) {
      const refused = await enter(world, account.refresh, to)
      assert.equal(refused.status, 400, to)
      assert.ok(refused.body.errors.to, to)
      assert.equal(refused.headers['set-cookie'], undefined)
    }
    assert.equal((await enter(world, undefined)).status, 401)
    const foreign = { ...browserHeaders(account.refresh), 'sec-fetch-site': 'same-site' }
    const body = { to: 'https://app.example.org/x' }
    assert.equal((await world.call('POST', '/browser/forward/', { body, headers: foreign })).status, 403)
    assert.equal((await enter(world, account.refresh)).status, 200)
  })

  it('is given again by the key of the request whose answer was lost', async () => {
    const { refresh } = await world.register()
    const headers = { ...browserHeaders(refresh), 'idempotency-key': 'a key of sixteen characters' }
    const body = { to: 'https://app.example.org/x' }
    const first = await world.call('POST', '/browser/forward/', { body, headers })
    assert.equal(first.status, 200, first.text)
    world.clock.advance(3_600_000)
    const again = await world.call('POST', '/browser/forward/', { body, headers })
    assert.equal(again.status, 200, again.text)
  })

  it('opens nothing after the time of its session', async () => {
    const cookie = await forwardCookieOf(world, await world.register())
    const forwarded = ['X-Forwarded-Uri: /x', 'X-Forwarded-Method: GET', 'X-Forwarded-Host: app.example.org']
    const headers = [...forwarded, `Cookie: ${cookie}`]
    const ask = () => rawGet(port, '/api/auth/access/forward/?proxy=caddy', { headers })
    assert.equal((await ask()).status, 200)
    // Longer than a gate remembers what has ended.
    world.clock.advance(3_600_000)
    assert.equal((await ask()).status, 200)
    world.clock.advance(3_601_000)
    assert.equal((await ask()).status, 401)
  })

  it('is cleared by a sign-out', async () => {
    const { refresh } = await world.register()
    const answer = await world.call('POST', '/browser/logout/', {
      body: {},
      headers: browserHeaders(refresh),
    })
    assert.equal(answer.status, 204)
    const { value, attributes } = forwardCookieIn(answer)
    assert.deepEqual(
      [value, attributes.includes('Max-Age=0'), attributes.includes('Domain=example.org')],
      ['', true, true],
    )
  })
})

describe('a server without a cookie domain', async () => {
  const { world, port } = await startProtected()

  it('leads no browser to the sign-in, sets no cookie, and takes none', async () => {
    const account = await world.register()
    assert.equal((await enter(world, account.refresh)).status, 404)
    const headers = ['X-Forwarded-Uri: /x', 'X-Forwarded-Method: GET', 'X-Forwarded-Host: app.example.org']
    const asked = [...headers, 'Accept: text/html', `Cookie: ${forwardCookieName}=a.b.c`]
    const { status, text } = await rawGet(port, '/api/auth/access/forward/?proxy=caddy', { headers: asked })
    assert.equal(status, 401)
    assert.doesNotMatch(text, /\r\nlocation:/i)
  })
})

for (const engine of engines) {
  describe(`two nodes on ${engine}`, async () => {
    const databaseUrl = await migratedDatabaseUrl(engine)
    const one = await testWorld({ engine, databaseUrl, env: cookieEnv })
    const other = await testWorld({ engine, databaseUrl, env: cookieEnv })
    const chief = await one.superuser()
    const ask = (cookie: string) =>
      other.inject({
        method: 'GET',
        url: '/api/auth/access/forward/?proxy=caddy',
        headers: {
          cookie,
          'x-forwarded-uri': '/x',
          'x-forwarded-method': 'GET',
          'x-forwarded-host': 'app.example.org',
        },
      })

    it('agree at once on a changed rule and on a session that has ended', async () => {
      const rule = { host: 'app.example.org', path: '/*', access: 'signed_in' }
      const made = await one.call('POST', '/forward_rules/', { token: chief.access, body: rule })
      assert.equal(made.status, 201, made.text)
      const account = await one.register()
      const cookie = await forwardCookieOf(one, account)
      assert.equal((await ask(cookie)).statusCode, 200)

      const path = `/forward_rules/${made.body.id}/`
      const change = (body: object) => one.call('PATCH', path, { token: chief.access, body })
      await change({ access: 'users:delete' })
      assert.equal((await ask(cookie)).statusCode, 403)
      await change({ access: 'public' })
      assert.equal((await ask('')).statusCode, 200)
      await change({ access: 'signed_in' })
      assert.equal((await ask('')).statusCode, 401)

      assert.equal((await ask(cookie)).statusCode, 200)
      await one.call('POST', '/browser/logout/', { body: {}, headers: browserHeaders(account.refresh) })
      assert.equal((await ask(cookie)).statusCode, 401)
      assert.equal((await one.call('DELETE', path, { token: chief.access })).status, 204)
      assert.equal((await ask(cookie)).statusCode, 403)
    })
  })
}
