import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { after, describe, it } from 'node:test'
import { freePort } from '../support/free-port.ts'
import { reportMissing } from '../support/report-missing.ts'
import { enrolTotp } from '../support/totp.ts'
import { cookieEnv, forwardCookieOf } from './support/forward-cookie.ts'
import { otherCases, pathTricks } from './support/path-tricks.ts'
import { startEcho, startProtected } from './support/protected-world.ts'
import { rawGet } from './support/raw-request.ts'
import { startNginx } from './support/start-nginx.ts'

const hasNginx = (() => {
  try {
    execFileSync('nginx', ['-v'], { stdio: 'pipe' })
    return true
  } catch {
    return false
  }
})()
if (!hasNginx) reportMissing('nginx', 'the configuration for nginx is not tried')

describe('a static site behind nginx', { skip: !hasNginx }, async () => {
  const { world, chief, make, port: propuskPort } = await startProtected(cookieEnv)
  const echo = await startEcho()
  const port = await freePort()
  const stop = await startNginx({
    port,
    propuskPort,
    servicePort: echo.port,
    files: { 'open/x': 'open', 'admin/secret.txt': 'secret', 'vault/x': 'vaulted', 'index.html': 'home' },
  })
  after(async () => {
    await stop()
    await echo.close()
  })
  const bearer = (token: string, ...headers: string[]) => ({
    headers: [`Authorization: Bearer ${token}`, ...headers],
  })
  const reader = await world.withPermissions('documents:read')
  const stranger = await world.register()

  it('is open where a rule says so, and asks for a sign-in or a permission elsewhere', async () => {
    assert.equal((await rawGet(port, '/open/x')).status, 200)
    assert.equal((await rawGet(port, '/')).status, 401)
    assert.equal((await rawGet(port, '/', bearer(stranger.access))).status, 200)
    assert.equal((await rawGet(port, '/admin/secret.txt')).status, 401)
    assert.equal((await rawGet(port, '/admin/secret.txt', bearer(stranger.access))).status, 403)
    const answer = await rawGet(port, '/admin/secret.txt', bearer(reader.access))
    assert.match(answer.text, /secret$/)
    assert.equal(
      (await rawGet(port, '/', { ...bearer(reader.access), host: 'other.example.org' })).status,
      403,
    )
    assert.equal((await rawGet(port, '/', { ...bearer(reader.access), method: 'POST' })).status, 403)
    assert.equal((await rawGet(port, '/__propusk/forward', bearer(reader.access))).status, 404)
  })

  it('hands on what a rule asks of the sign-in, in the words of RFC 9470', async () => {
    await make('/forward_rules/', {
      host: 'app.example.org',
      path: '/vault/*',
      access: 'signed_in',
      acr: 'aal2',
    })
    const person = await world.register()
    const low = await rawGet(port, '/vault/x', bearer(person.access))
    assert.equal(low.status, 401)
    assert.match(
      low.text,
      /\r\nwww-authenticate: Bearer .*error="insufficient_user_authentication".*acr_values="aal2"/i,
    )
    const app = await enrolTotp(world, person)
    const proof = { token: person.access, body: { totp: app.next() } }
    const { access } = (await world.call('POST', '/me/step_up/', proof)).body
    assert.match((await rawGet(port, '/vault/x', bearer(access))).text, /vaulted$/)
  })

  it('is not reached by any spelling of a path', async () => {
    // nginx takes the host and the path out of this form, and asks about them.
    const absolute = 'http://app.example.org'
    assert.equal(
      (await rawGet(port, `${absolute}/admin/secret.txt`, { host: 'open.example.org' })).status,
      401,
    )
    const tricks = pathTricks.filter(trick => !trick.startsWith(absolute))
    for (const trick of [...tricks, ...otherCases]) {
      // As a user who may read all else.
      const { status, text } = await rawGet(port, trick, bearer(stranger.access))
      assert.ok(status === 403 || status === 400, `${JSON.stringify(trick)}: ${status}`)
      assert.doesNotMatch(text, /secret$/)
    }
  })

  it('is not reached by headers that say another path, host or method', async () => {
    const forged = [
      'X-Original-URI: /open/x',
      'X-Original-Method: GET',
      'X-Forwarded-Uri: /open/x',
      'X-Forwarded-Method: GET',
      'X-Forwarded-Host: open.example.org',
      'X-Forwarded-Proto: https',
      'X_Original_URI: /open/x',
    ]
    for (const header of forged) {
      const headers = [header, header]
      assert.equal((await rawGet(port, '/admin/secret.txt', { headers })).status, 401, header)
    }
    for (const header of [
      'X-HTTP-Method-Override',
      'X-HTTP-Method',
      'X-Method-Override',
      'X-Original-URL',
      'X-Rewrite-URL',
    ]) {
      const { status } = await rawGet(port, '/open/x', { headers: [`${header}: /admin/secret.txt`] })
      assert.equal(status, 403, header)
    }
  })

  it('tells the service who asks, and nothing that a client said', async () => {
    const forged = ['User-Id', 'Email', 'Roles', 'Session', 'Api-Key-Id', 'Assertion'].flatMap(name => [
      `X-Propusk-${name}: forged`,
      `x-propusk-${name.toLowerCase()}: forged`,
      `X_Propusk_${name.replaceAll('-', '_')}: forged`,
    ])
    const nobody = await rawGet(port, '/echo/open', { headers: forged })
    assert.equal(nobody.status, 200)
    assert.doesNotMatch(nobody.text, /forged/)

    const known = await rawGet(port, '/echo/mine', bearer(reader.access, ...forged))
    assert.equal(known.status, 200)
    assert.doesNotMatch(known.text, /forged/)
    const { headers } = JSON.parse(known.text.slice(known.text.indexOf('{'), known.text.lastIndexOf('}') + 1))
    assert.equal(headers['x-propusk-user-id'], String(reader.id))
    assert.equal(headers['x-propusk-email'], reader.email)
    assert.equal(headers['x-propusk-api-key-id'], undefined)
    assert.ok(headers['x-propusk-roles'].length > 0 && headers['x-propusk-session'].length === 36)
    const [head, claims] = headers['x-propusk-assertion']
      .split('.')
      .map((part: string) => Buffer.from(part, 'base64url').toString())
    assert.equal(JSON.parse(head).typ, 'propusk-assertion+jwt')
    const { sub, aud, iat, exp } = JSON.parse(claims)
    assert.deepEqual([sub, aud, exp - iat], [String(reader.id), 'app.example.org', 30])
    // It is no access token.
    assert.equal((await rawGet(port, '/', bearer(headers['x-propusk-assertion']))).status, 401)
  })

  it('leads a browser that opens a page to the sign-in, and nothing else', async () => {
    const page = ['Accept: text/html', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document']
    const to = (authority: string) =>
      `Location: https://auth.example.org/account/forward?to=${encodeURIComponent(`https://${authority}/x?a=1`)}\r\n`
    for (const [host, authority] of [
      ['app.example.org', 'app.example.org'],
      ['APP.example.org:8443', 'app.example.org:8443'],
    ] as const) {
      const { status, text } = await rawGet(port, '/x?a=1', { headers: page, host })
      assert.equal(status, 302)
      assert.ok(text.includes(to(authority)), text)
      assert.match(text, /\r\nCache-Control: no-store\r\n/)
    }
    for (const headers of [['Accept: application/json'], [...page, 'Authorization: Bearer x']]) {
      const { status, text } = await rawGet(port, '/x', { headers })
      assert.equal(status, 401)
      assert.match(text, /\r\nWWW-Authenticate: Bearer/i)
      assert.doesNotMatch(text, /Location/)
    }
    // Asked for by name, it leads nowhere.
    assert.equal((await rawGet(port, '/@propusk_sign_in', bearer(stranger.access))).status, 404)
    const cookie = await forwardCookieOf(world, stranger)
    const refused = await rawGet(port, '/admin/secret.txt', { headers: [...page, `Cookie: ${cookie}`] })
    assert.equal(refused.status, 403)
    const own = ['Sec-Fetch-Site: same-origin', `Cookie: ${cookie}`]
    assert.equal((await rawGet(port, '/x', { headers: [...page, ...own] })).status, 404)
  })

  it('shows the service the cookies of the browser without ours', async () => {
    const cookie = await forwardCookieOf(world, reader)
    const cases: readonly (readonly [readonly string[], string | undefined])[] = [
      [[`a=1; ${cookie}; b=2`], 'a=1; b=2'],
      [['a=1', cookie, 'b=2'], 'a=1; b=2'],
      [['a=1; b=2'], 'a=1; b=2'],
      [[cookie], undefined],
      [[`${cookie}; ${cookie}; a=1`], 'a=1'],
    ]
    for (const path of ['/echo/open', '/echo/mine']) {
      for (const [cookies, seen] of cases) {
        // Two of the name are none, so here a token says who asks.
        const headers = cookies.map(each => `Cookie: ${each}`)
        const { status, text } = await rawGet(port, path, bearer(reader.access, ...headers))
        assert.equal(status, 200)
        const { headers: passed } = JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1))
        assert.equal(passed.cookie, seen)
      }
    }
  })

  it('is closed to a deactivated account with the next request', async () => {
    const leaver = await world.withPermissions('documents:read')
    assert.equal((await rawGet(port, '/admin/secret.txt', bearer(leaver.access))).status, 200)
    const patch = { token: chief.access, body: { is_active: false } }
    assert.equal((await world.call('PATCH', `/users/${leaver.id}/`, patch)).status, 200)
    assert.equal((await rawGet(port, '/admin/secret.txt', bearer(leaver.access))).status, 401)
  })

  it('obeys a rule that has changed with the next request', async () => {
    const rules = await world.call('GET', '/forward_rules/?search=open/*', { token: chief.access })
    const path = `/forward_rules/${rules.body.results[0].id}/`
    const change = { token: chief.access, body: { access: 'documents:read' } }
    assert.equal((await world.call('PATCH', path, change)).status, 200)
    assert.equal((await rawGet(port, '/open/x')).status, 401)
    const back = { token: chief.access, body: { access: 'public' } }
    assert.equal((await world.call('PATCH', path, back)).status, 200)
    assert.equal((await rawGet(port, '/open/x')).status, 200)
  })
})
