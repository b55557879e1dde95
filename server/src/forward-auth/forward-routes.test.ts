import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startProtected } from '../../../test/forward-auth/support/protected-world.ts'
import { rawGet } from '../../../test/forward-auth/support/raw-request.ts'
import { testWorld } from '../../../test/support/world.ts'

const address = '/api/auth/access/forward/?proxy='

describe('what a proxy is answered', async () => {
  const { world, port, make } = await startProtected()
  const reader = await world.withPermissions('documents:read')
  const authorization = `Authorization: Bearer ${reader.access}`

  const forwarded = (uri: string, method = 'GET', host = 'app.example.org') => [
    `X-Forwarded-Uri: ${uri}`,
    `X-Forwarded-Method: ${method}`,
    `X-Forwarded-Host: ${host}`,
  ]
  const original = (uri: string, method = 'GET') => [`X-Original-URI: ${uri}`, `X-Original-Method: ${method}`]
  const ask = (proxy: string, headers: readonly string[], method = 'GET') =>
    rawGet(port, `${address}${proxy}`, { headers, method, host: 'app.example.org' })

  for (const proxy of ['traefik', 'caddy']) {
    it(`follows the convention of ${proxy}, and reads no other header`, async () => {
      assert.equal((await ask(proxy, forwarded('/open/x'))).status, 200)
      assert.equal((await ask(proxy, [...forwarded('/admin/x'), ...original('/open/x')])).status, 401)
      assert.equal((await ask(proxy, [...forwarded('/admin/x'), authorization])).status, 200)
      assert.equal((await ask(proxy, [...forwarded('/admin/x', 'GET', 'x.org'), authorization])).status, 403)
      assert.equal((await ask(proxy, [...forwarded('/x', 'POST'), authorization])).status, 403)
      assert.equal((await ask(proxy, original('/open/x'))).status, 400)
      for (const doubled of forwarded('/open/x')) {
        assert.equal((await ask(proxy, [...forwarded('/open/x'), doubled])).status, 400, doubled)
      }
      for (const missing of forwarded('/open/x')) {
        const others = forwarded('/open/x').filter(header => header !== missing)
        assert.equal((await ask(proxy, others)).status, 400, missing)
      }
    })
  }

  it('follows the convention of nginx, and reads no other header', async () => {
    assert.equal((await ask('nginx', [...original('/admin/x'), ...forwarded('/open/x')])).status, 401)
    assert.equal((await ask('nginx', [...original('/open/x'), ...original('/open/x')])).status, 400)
    assert.equal((await ask('nginx', forwarded('/open/x'))).status, 400)
  })

  it('follows the convention of Envoy: its own method, and the target behind the prefix', async () => {
    const envoy = (uri: string, method = 'GET', headers: readonly string[] = []) =>
      rawGet(port, `${address}envoy&uri=${uri}`, { headers, method, host: 'app.example.org' })
    assert.equal((await envoy('/open/x')).status, 200)
    assert.equal((await envoy('/open/x?a=1&a=2&proxy=nginx&b=%zz')).status, 200)
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD']) {
      assert.equal((await envoy('/open/x', method)).status, 200, method)
    }
    assert.equal((await envoy('/admin/x?uri=/open/x')).status, 401)
    assert.equal((await envoy('/admin/x', 'POST', [authorization])).status, 200)
    assert.equal((await envoy('/x', 'POST', [authorization])).status, 403)
    assert.equal((await envoy('/open/../admin/x')).status, 403)
    assert.equal((await rawGet(port, `${address}envoy`)).status, 400)
  })

  it('guesses no convention', async () => {
    for (const proxy of ['', 'apache', 'nginx&proxy=caddy']) {
      assert.equal((await ask(proxy, [...original('/open/x'), ...forwarded('/open/x')])).status, 400, proxy)
    }
  })

  it('holds every identity header, empty on a public path', async () => {
    const { text } = await ask('caddy', [...forwarded('/open/x'), authorization])
    for (const name of ['user-id', 'email', 'roles', 'session', 'api-key-id', 'assertion']) {
      assert.match(text, new RegExp(`\r\nx-propusk-${name}: *\r\n`, 'i'), name)
    }
  })

  it('admits an API key for what it may', async () => {
    const { key } = await make('/api_keys/', { name: 'a job', permissions: [] })
    const of = (uri: string) => ask('caddy', [...forwarded(uri), `Authorization: Bearer ${key}`])
    assert.match((await of('/x')).text, /x-propusk-api-key-id: [0-9]/)
    assert.equal((await of('/admin/x')).status, 403)
  })

  it('is a 401 for two credentials, another scheme, and a token that is none', async () => {
    for (const headers of [
      [authorization, authorization],
      ['Authorization: Basic YTpi'],
      ['Authorization: Bearer x'],
    ]) {
      assert.equal((await ask('caddy', [...forwarded('/x'), ...headers])).status, 401)
    }
  })

  it('is a no once the permission of the rule is deleted, whatever wider rule there is', async () => {
    await make('/resources/', { name: 'plans', code_name: 'plans' })
    await make('/forward_rules/', { host: 'app.example.org', path: '/plans/*', access: 'plans:read' })
    const chief = await world.superuser()
    const list = await world.call('GET', '/permissions/?search=plans', { token: chief.access })
    const path = `/permissions/${list.body.results[0].id}/`
    assert.equal((await world.call('DELETE', path, { token: chief.access })).status, 204)
    const answer = await ask('caddy', [...forwarded('/plans/x'), `Authorization: Bearer ${chief.access}`])
    assert.equal(answer.status, 403)
  })
})

describe('a caller that is no trusted proxy', () => {
  it('is told nothing', async () => {
    const world = await testWorld()
    const headers = { 'x-original-uri': '/', 'x-original-method': 'GET' }
    const answer = await world.call('GET', '/access/forward/?proxy=nginx', { headers })
    assert.equal(answer.status, 403)
    assert.match(answer.body.detail, /PROPUSK_TRUST_PROXY/)
  })
})
