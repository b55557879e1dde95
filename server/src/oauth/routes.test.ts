import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import * as oauth from 'oauth4webapi'
import * as openidClient from 'openid-client'
import { engines } from '../../../test/support/engines.ts'
import { type Account, testWorld, type World } from '../../../test/support/world.ts'

const inactive = '{"active":false}'

const basic = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`

/** Asks as a program without a library of ours does. */
const callsOf = (world: World) => {
  const post = async (path: string, form: string | Record<string, string>, authorization?: string) => {
    const answer = await world.inject({
      method: 'POST',
      url: path,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...(authorization !== undefined && { authorization }),
      },
      payload: typeof form === 'string' ? form : String(new URLSearchParams(form)),
    })
    return {
      status: answer.statusCode,
      text: answer.payload,
      headers: answer.headers,
      body: JSON.parse(answer.payload),
    }
  }
  const keyOf = async (owner: Account, permissions: readonly string[], more: object = {}) => {
    const body = { name: 'a service', permissions, ...more }
    const made = await world.call('POST', '/api_keys/', { token: owner.access, body })
    assert.equal(made.status, 201, made.text)
    return made.body as { id: number; key: string; prefix: string }
  }
  return { post, keyOf }
}

for (const engine of engines) {
  describe(`OAuth endpoints on ${engine}`, async () => {
    const world = await testWorld({ engine })
    const { post, keyOf } = callsOf(world)
    const chief = await world.superuser()
    const owner = await world.withPermissions(
      'api_keys:create',
      'api_keys:delete',
      'tokens:read',
      'tokens:delete',
    )
    const { key, prefix, id: keyId } = await keyOf(owner, ['tokens:read', 'tokens:delete'])
    const introspect = (token: string, authorization = `Bearer ${key}`) =>
      post('/oauth/introspect', { token }, authorization)
    const revoke = (token: string, authorization = `Bearer ${key}`) =>
      post('/oauth/revoke', { token }, authorization)

    it('tell of an access token what it says, and which roles hold now', async () => {
      const account = await world.withPermissions('tokens:read')
      const { status, body, headers } = await introspect(account.access)
      const claims = JSON.parse(Buffer.from(account.access.split('.')[1]!, 'base64url').toString())
      assert.equal(status, 200)
      assert.equal(headers['cache-control'], 'no-store')
      const { role_ids: _, ...said } = claims
      assert.deepEqual(body, { active: true, ...said, token_type: 'Bearer', typ: 'access_token' })
      await world.call('PATCH', `/users/${account.id}/`, { token: chief.access, body: { roles: [] } })
      assert.deepEqual((await introspect(account.access)).body.roles, [])
    })

    it('tell of a refresh token, until it is used', async () => {
      const account = await world.register()
      const { body } = await introspect(account.refresh)
      assert.equal(body.active, true)
      assert.deepEqual(
        [body.sub, body.typ, body.token_type],
        [String(account.id), 'refresh_token', undefined],
      )
      const next = await world.call('POST', '/token/refresh/', { body: { refresh: account.refresh } })
      assert.equal((await introspect(account.refresh)).text, inactive)
      assert.equal((await introspect(next.body.refresh)).body.active, true)
    })

    it('tell of an API key whose it is and what it may do', async () => {
      const { body } = await introspect(key)
      assert.equal(body.active, true)
      assert.deepEqual(
        [body.sub, body.client_id, body.scope, body.typ],
        [String(owner.id), prefix, 'tokens:delete tokens:read', 'api_key'],
      )
      const other = await keyOf(owner, [])
      await world.call('DELETE', `/api_keys/${other.id}/`, { token: owner.access })
      assert.equal((await introspect(other.key)).text, inactive)
    })

    it('say of what is not alive that it is not, and nothing more', async () => {
      const [ended, closed] = [await world.register(), await world.register()]
      await world.call('POST', '/logout/', { token: ended.access })
      await world.call('DELETE', `/users/${closed.id}/`, { token: chief.access })
      const { access } = await world.register()
      const dead = [ended.access, ended.refresh, closed.access, closed.refresh]
      dead.push('x', 'a.b.c', `${access.slice(0, -2)}AA`, `${key.slice(0, -1)}_`, 'ключ')
      for (const token of dead) {
        const { status, text } = await introspect(token)
        assert.deepEqual([status, text], [200, inactive], token)
      }
    })

    it('end the session of either token, at once, with an event that names the key', async () => {
      for (const kind of ['access', 'refresh'] as const) {
        const account = await world.register()
        const { status } = await revoke(account[kind])
        assert.equal(status, 200)
        assert.equal((await world.call('GET', '/me/', { token: account.access })).status, 401, kind)
        const refreshed = await world.call('POST', '/token/refresh/', { body: { refresh: account.refresh } })
        assert.equal(refreshed.status, 401)
        const events = await world.call('GET', '/audit/?action=token.revoke&limit=1', { token: chief.access })
        const [event] = events.body.results
        assert.equal(event.actor.id, owner.id)
        assert.deepEqual(event.details, { user_id: account.id, reason: 'revoked', api_key_id: keyId })
        assert.equal((await revoke(account[kind])).status, 200)
      }
    })

    it('take a token that is none, and refuse one that they cannot revoke', async () => {
      assert.equal((await revoke('no token')).status, 200)
      const { status, body } = await revoke(key)
      assert.deepEqual([status, body.error], [400, 'unsupported_token_type'])
    })

    it('take the client in the header or in the body, not in both', async () => {
      const { access: token } = await world.register()
      const client = { client_id: prefix, client_secret: key }
      for (const answer of [
        await introspect(token, basic(prefix, key)),
        await introspect(token, basic(encodeURIComponent(prefix).replace('_', '%5F'), key)),
        await post('/oauth/introspect', { token, ...client }),
        await post(
          '/oauth/introspect',
          { token, unknown: 'x', empty: '', token_type_hint: 'nonsense' },
          `bearer ${key}`,
        ),
      ]) {
        assert.deepEqual([answer.status, answer.body.active], [200, true], answer.text)
      }
      const both = await post('/oauth/introspect', { token, ...client }, `Bearer ${key}`)
      assert.deepEqual([both.status, both.body.error], [400, 'invalid_request'])
    })

    it('refuse another client in the words of OAuth', async () => {
      const { access: token } = await world.register()
      const weak = await keyOf(owner, [])
      const wrong: readonly (readonly [string | undefined, string])[] = [
        [undefined, 'Basic'],
        ['Digest x', 'Basic'],
        ['Basic !', 'Basic'],
        [basic('propusk_', key), 'Basic'],
        [basic(weak.prefix, key), 'Basic'],
        [basic(prefix, token), 'Basic'],
        [`Bearer ${key}0`, 'Bearer'],
      ]
      for (const [authorization, scheme] of wrong) {
        const { status, body, headers } = await post('/oauth/introspect', { token }, authorization)
        assert.deepEqual([status, body.error], [401, 'invalid_client'], String(authorization))
        assert.ok(String(headers['www-authenticate']).startsWith(scheme), String(authorization))
        assert.match(body.error_description, /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/)
      }
      const denied = await introspect(token, `Bearer ${weak.key}`)
      assert.deepEqual([denied.status, denied.body.error], [403, 'unauthorized_client'])
      assert.match(denied.body.error_description, /tokens:read/)
    })

    it('refuse a body that is no form, or says a thing twice', async () => {
      const refused = async (form: string) => {
        const { status, body } = await post('/oauth/introspect', form, `Bearer ${key}`)
        assert.deepEqual([status, body.error], [400, 'invalid_request'], form)
      }
      for (const form of ['token=a&token=b', 'token=', '', 'token=%zz', 'token=%00', 'tokn=a'])
        await refused(form)
      const json = await world.inject({
        method: 'POST',
        url: '/oauth/introspect',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        payload: '{"token":"a"}',
      })
      assert.deepEqual([json.statusCode, json.json().error], [400, 'invalid_request'])
      const long = await post('/oauth/introspect', `token=${'x'.repeat(70_000)}`, `Bearer ${key}`)
      assert.deepEqual([long.status, long.body.error], [413, 'invalid_request'])
    })

    it('do not read a body for a caller whose header is refused', async () => {
      const { status, body } = await post('/oauth/introspect', 'token=a&token=b', 'Bearer nothing')
      assert.deepEqual([status, body.error], [401, 'invalid_client'])
    })
  })
}

describe('The metadata of OAuth', async () => {
  const world = await testWorld({ env: { PROPUSK_PUBLIC_URL: 'https://id.example.com/auth' } })
  const path = '/.well-known/oauth-authorization-server'

  it('names the issuer of the tokens, where an issuer with a path has it', async () => {
    const { access } = await world.register()
    const { iss } = JSON.parse(Buffer.from(access.split('.')[1]!, 'base64url').toString())
    for (const address of [`${path}/auth`, `${path}/auth/`, `/auth${path}`, path, `${path}/auth?`]) {
      const answer = await world.inject({ url: address })
      assert.equal(answer.statusCode, 200, address)
      assert.equal(answer.json().issuer, iss)
      assert.equal(answer.json().introspection_endpoint, `${iss}/oauth/introspect`)
    }
    for (const address of [`${path}/other`, `${path}/auth/more`]) {
      assert.equal((await world.inject({ url: address })).statusCode, 404, address)
    }
  })

  it('promises nothing that is not there', async () => {
    const body = (await world.inject({ url: path })).json()
    assert.deepEqual(body.response_types_supported, [])
    assert.deepEqual(body.grant_types_supported, [])
    assert.equal(body.authorization_endpoint, undefined)
    assert.equal(body.token_endpoint, undefined)
  })
})

describe('Libraries for OAuth', async () => {
  /** The issuer has to say the port that is listened on, so one is taken first. */
  const port = await freePort()
  const world = await testWorld({ env: { PROPUSK_PUBLIC_URL: `http://127.0.0.1:${port}` } })
  const { keyOf } = callsOf(world)
  const issuer = new URL(`http://127.0.0.1:${port}`)
  let client: { key: string; prefix: string }

  before(async () => {
    await world.server.app.listen({ host: '127.0.0.1', port })
    client = await keyOf(await world.superuser(), ['tokens:read', 'tokens:delete'])
  })
  after(() => world.close())

  for (const [name, authentication] of [
    ['client_secret_basic', oauth.ClientSecretBasic],
    ['client_secret_post', oauth.ClientSecretPost],
  ] as const) {
    it(`oauth4webapi finds the endpoints, introspects and revokes by ${name}`, async () => {
      const insecure = { [oauth.allowInsecureRequests]: true }
      const found = await oauth.discoveryRequest(issuer, { ...insecure, algorithm: 'oauth2' })
      const server = await oauth.processDiscoveryResponse(issuer, found)
      const own = { client_id: client.prefix }
      const by = authentication(client.key)
      const ask = async (token: string) =>
        oauth.processIntrospectionResponse(
          server,
          own,
          await oauth.introspectionRequest(server, own, by, token, insecure),
        )
      const account = await world.register()
      const alive = await ask(account.access)
      assert.deepEqual([alive.active, alive.sub, alive.iss], [true, String(account.id), issuer.origin])
      await oauth.processRevocationResponse(
        await oauth.revocationRequest(server, own, by, account.refresh, insecure),
      )
      assert.deepEqual(await ask(account.access), { active: false })
      assert.deepEqual(await ask(account.refresh), { active: false })
    })
  }

  it('openid-client does the same', async () => {
    const configuration = await openidClient.discovery(
      issuer,
      client.prefix,
      undefined,
      openidClient.ClientSecretPost(client.key),
      { algorithm: 'oauth2', execute: [openidClient.allowInsecureRequests] },
    )
    const { access } = await world.register()
    assert.equal((await openidClient.tokenIntrospection(configuration, access)).active, true)
    await openidClient.tokenRevocation(configuration, access, { token_type_hint: 'access_token' })
    assert.deepEqual(await openidClient.tokenIntrospection(configuration, access), { active: false })
  })

  it('are told by name that their client is unknown', async () => {
    const configuration = await openidClient.discovery(
      issuer,
      client.prefix,
      undefined,
      openidClient.ClientSecretPost(`${client.key}x`),
      { algorithm: 'oauth2', execute: [openidClient.allowInsecureRequests] },
    )
    await assert.rejects(openidClient.tokenIntrospection(configuration, 'x'), { status: 401 })
  })
})

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net')
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise(resolve => server.close(resolve))
  return port
}
