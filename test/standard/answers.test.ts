import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { withMuchMail } from '../support/proofs.ts'
import {
  browserHeaders,
  createSamples,
  onlyWithoutSuperuser,
  type RegisteredRoute,
  type SampleRequest,
} from '../support/sample-requests.ts'
import { tokenOf } from '../support/setup-link.ts'
import { goodPassword, testWorld, type World } from '../support/world.ts'

/** What a caller, or a proxy that believes one, might say of the host. */
const foreignHost = {
  host: 'evil.example',
  'x-forwarded-host': 'evil.example',
  'x-forwarded-proto': 'http',
  forwarded: 'host=evil.example;proto=http',
}

const env = {
  ...withMuchMail,
  PROPUSK_PUBLIC_URL: 'https://id.example.org',
  PROPUSK_FORWARD_COOKIE_DOMAIN: 'example.org',
}

/** Calls a route by a request that it grants, as whoever says a foreign host, and looks at the whole answer. */
async function assertContained(
  world: World,
  { route }: RegisteredRoute,
  { method, path, body, headers: own, token }: SampleRequest & { readonly token?: string },
): Promise<void> {
  const answer = await world.call(method, path, { token, body, headers: { ...foreignHost, ...own } })
  const { headers } = answer
  const shown = `${method} ${path}: ${answer.status}`
  assert.equal(answer.status, route.success.status, `${shown} ${answer.text}`)
  assert.equal(headers.location, undefined, shown)
  // One of them only looks at the cookie.
  const setsCookie = route.access === 'browser' && route.operationId !== 'readSessionEndInBrowser'
  assert.equal('set-cookie' in headers, setsCookie, shown)
  assert.doesNotMatch(answer.text + JSON.stringify(headers), /evil\.example/, shown)
  // What is public and the same for all, such as metadata, says so in its record.
  const caching = route.success.headers?.['cache-control'] ?? 'no-store'
  assert.equal(headers['cache-control'], caching, shown)
  assert.equal(headers['x-content-type-options'], 'nosniff', shown)
  assert.match(String(headers['strict-transport-security']), /max-age=31536000/, shown)
  const type = answer.text === '' ? undefined : String(headers['content-type'])
  assert.match(type ?? 'text/csv; charset=utf-8', /^(?:application\/json|text\/csv); charset=utf-8$/, shown)
}

describe('an answer of the API', async () => {
  const world = await testWorld({ env })
  const samples = await createSamples(world)

  it('no answer redirects elsewhere, names a foreign host or may be cached, and only the calls of our own pages set a cookie', async () => {
    const { routes } = world.server.app
    assert.ok(routes.length > 60)
    for (const registered of routes) {
      if (onlyWithoutSuperuser.includes(registered.route.operationId)) continue
      // It answers a trusted proxy alone, about a request that the proxy describes: server/src/forward-auth/ has its tests.
      if (registered.route.operationId === 'forwardAuth') continue
      const caller = await world.superuser()
      await assertContained(world, registered, {
        ...(await samples.request(registered, caller)),
        token: caller.access,
      })
    }
  })

  it('does so, too, where the first superuser is made', async () => {
    const empty = await testWorld({ env })
    const token = tokenOf(await empty.server.setup.print('http://localhost:8000'))
    const passwords = { password: goodPassword, password2: goodPassword }
    const bodies = {
      checkSetupLink: { token },
      makeFirstSuperuser: { token, email: 'a@b.example', ...passwords },
    }
    for (const [operationId, body] of Object.entries(bodies)) {
      const registered = empty.server.app.routes.find(({ route }) => route.operationId === operationId)!
      const { method, path } = registered.route
      const request = { method, path: registered.basePath + path, body, headers: browserHeaders() }
      await assertContained(empty, registered, request)
    }
    assert.deepEqual(Object.keys(bodies), onlyWithoutSuperuser)
  })

  it('writes what was searched into a link as a value, never as a part of the link', async () => {
    const { access } = await world.superuser()
    const name = 'a&limit=200#%2f?ё'
    for (const each of ['one', 'two', 'three']) {
      const body = { email: `${each}@links.example`, password: goodPassword, first_name: name }
      assert.equal((await world.call('POST', '/users/', { token: access, body })).status, 201)
    }
    let path: string | null = `/users/?limit=1&search=${encodeURIComponent(name)}`
    let pages = 0
    for (; path !== null; pages++) {
      const { status, body, text } = await world.call('GET', path, { token: access })
      assert.equal(status, 200, text)
      assert.deepEqual(
        body.results.map((row: { first_name: string }) => row.first_name),
        [name],
      )
      path = body.next
    }
    assert.equal(pages, 3)
  })

  it('clears what the browser has stored, at logout', async () => {
    const { access } = await world.register()
    const { headers } = await world.call('POST', '/logout/', { token: access })
    assert.equal(headers['clear-site-data'], '"storage"')
  })

  it('the answer to a preflight of an unknown origin lets no page send a token', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' }
    for (const { basePath, route } of world.server.app.routes) {
      const url = basePath + route.path.replace(/:\w+/, '1')
      const answer = await world.inject({ method: 'OPTIONS', url, headers })
      const granted = Object.keys(answer.headers).filter(name => name.startsWith('access-control-'))
      assert.deepEqual(granted, [], url)
    }
  })

  it('no answer about an account holds a password, its hash or a way to set them', async () => {
    const reader = await world.withPermissions('users:read')
    for (const path of ['/users/', `/users/${reader.id}/`, '/me/', '/audit/']) {
      const { text } = await world.call('GET', path, { token: reader.access })
      assert.doesNotMatch(text, /"password|argon2/, path)
      assert.ok(!text.includes(goodPassword), path)
    }
  })
})

describe('the host', async () => {
  const world = await testWorld()

  it('shows none of its own files', async () => {
    const files = [
      '/.git/HEAD',
      '/.git/config',
      '/.env',
      '/package.json',
      '/data/propusk.db',
      '/data/propusk.db.key',
      '/server/src/main.js',
      '/swagger/../package.json',
      '/swagger/%2e%2e/package.json',
      '/swagger/..%2fpackage.json',
      '/redoc/package.json',
      '/debug',
      '/test/',
    ]
    for (const url of files) {
      const { statusCode } = await world.inject({ url })
      assert.ok([400, 404].includes(statusCode), `${url}: ${statusCode}`)
    }
  })
})
