import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Rejection } from '../kernel/index.ts'
import { testApp } from './testing/test-app.ts'

const good = { authorization: 'Bearer good' }
const weak = { authorization: 'Bearer weak' }
const json = { 'content-type': 'application/json' }

describe('routing', () => {
  it('answers with and without the trailing slash, without a redirect', async () => {
    const { app } = testApp()
    for (const url of ['/api/test/items/', '/api/test/items', '/api/test/items?limit=1', '/health/live/']) {
      assert.equal((await app.inject({ url })).statusCode, 200, url)
    }
  })

  it('answers under a deprecated path as under the right one', async () => {
    const { app } = testApp()
    assert.deepEqual((await app.inject({ url: '/api/test/itmes/7/', headers: good })).json(), {
      id: 7,
      name: 'Lamp',
    })
    assert.equal((await app.inject({ url: '/api/test/itmes/7/' })).statusCode, 401)
    assert.equal((await app.inject({ url: '/api/test/itmes/7/', headers: weak })).statusCode, 403)
  })

  it('answers 405 with Allow to every other method of a known path', async () => {
    const { app } = testApp()
    for (const method of ['PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'QUERY'] as const) {
      const answer = await app.inject({ method: method as 'PUT', url: '/api/test/items/', headers: good })
      assert.equal(answer.statusCode, 405, method)
      assert.equal(answer.headers.allow, 'GET, HEAD, POST, OPTIONS')
      assert.equal(answer.json().code, 'method_not_allowed')
    }
    const posted = await app.inject({ method: 'POST', url: '/api/test/items/1/', headers: good })
    assert.equal(posted.headers.allow, 'GET, HEAD, DELETE, OPTIONS')
  })

  it('answers OPTIONS with what the path takes', async () => {
    const { app } = testApp()
    const answer = await app.inject({ method: 'OPTIONS', url: '/api/test/items/1/' })
    assert.equal(answer.statusCode, 204)
    assert.equal(answer.headers.allow, 'GET, HEAD, DELETE, OPTIONS')
  })

  it('takes no method from a header', async () => {
    const { app } = testApp()
    const headers = { ...good, 'x-http-method-override': 'DELETE', 'x-method-override': 'DELETE' }
    assert.equal((await app.inject({ url: '/api/test/items/1/', headers })).statusCode, 200)
  })

  it('answers HEAD as GET without the body, behind the same guard', async () => {
    const { app } = testApp()
    const answer = await app.inject({ method: 'HEAD', url: '/api/test/items/1/', headers: good })
    assert.equal(answer.statusCode, 200)
    assert.equal(answer.body, '')
    assert.equal((await app.inject({ method: 'HEAD', url: '/api/test/items/1/' })).statusCode, 401)
    assert.equal(
      (await app.inject({ method: 'HEAD', url: '/api/test/items/1/', headers: weak })).statusCode,
      403,
    )
  })

  it('lets no spelling of a guarded path around its guard', async () => {
    const { app } = testApp()
    const tricks = [
      '//api/test/items/1/',
      '/api//test/items/1/',
      '/api/test/./items/1/',
      '/api/test/x/../items/1/',
      '/api/test/items/1;a=b',
      '/API/test/items/1/',
      '/api/test/%69tems/1/',
      '/api/test/items%2f1/',
      '/api/test/items/1/.',
      '/api/test/items/1//',
      '/api/test/items/1%00/',
      '/%61pi/test/items/1',
    ]
    for (const url of tricks) {
      const answer = await app.inject({ url })
      assert.ok([400, 401, 404].includes(answer.statusCode), `${url}: ${answer.statusCode}`)
      assert.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8', url)
    }
  })

  it('answers 404 to an unknown path, whatever the method and the body', async () => {
    const { app } = testApp()
    for (const method of ['GET', 'POST', 'OPTIONS', 'DELETE'] as const) {
      const answer = await app.inject({ method, url: '/nowhere', headers: json, payload: '{' })
      assert.equal(answer.statusCode, 404)
      assert.equal(answer.json().code, 'not_found')
    }
  })

  it('refuses a route that does not say who may call it', () => {
    const { app } = testApp()
    const [route] = app.routes
    const { access: _, ...open } = route!.route
    assert.throws(
      () => app.register('/api/x', [{ ...open, operationId: 'other' } as never]),
      /does not say who/,
    )
  })
})

describe('the order of judging', () => {
  const malformed = { method: 'POST', url: '/api/test/items/?surprise=1', payload: '{"name":1,' } as const

  it('asks for the token before it looks at anything else', async () => {
    const { app } = testApp()
    const answer = await app.inject({ ...malformed, headers: json })
    assert.equal(answer.statusCode, 401)
    assert.equal(answer.headers['www-authenticate'], 'Bearer realm="propusk"')
  })

  it('asks for the permission before it looks at the form', async () => {
    const { app, denied } = testApp()
    for (const headers of [json, { 'content-type': 'text/plain' }, { ...json, 'content-encoding': 'gzip' }]) {
      const answer = await app.inject({ ...malformed, headers: { ...headers, ...weak } })
      assert.equal(answer.statusCode, 403)
      assert.match(answer.json().detail, /items:create/)
    }
    assert.deepEqual(denied, Array(3).fill('items:create'))
    const big = await app.inject({ ...malformed, payload: 'x'.repeat(70_000), headers: { ...json, ...weak } })
    assert.equal(big.statusCode, 403)
  })

  it('a caller without the permission cannot learn whether an id exists', async () => {
    const { app } = testApp()
    const answers = await Promise.all(
      ['1', '999', 'abc', '9007199254740993'].map(id =>
        app.inject({ url: `/api/test/items/${id}/`, headers: weak }),
      ),
    )
    const bodies = answers.map(answer => ({ ...answer.json(), instance: '' }))
    for (const body of bodies) assert.deepEqual(body, bodies[0])
    assert.equal(bodies[0].code, 'permission_denied')
  })

  it('names the permission of a route that has its own action', async () => {
    const { app } = testApp()
    const answer = await app.inject({ method: 'POST', url: '/api/test/items/1/approve/', headers: weak })
    assert.match(answer.json().detail, /items:approve/)
  })

  it('still refuses when the rejection cannot be audited', async () => {
    const { app, log } = testApp({
      guard: {
        authenticate: () => ({
          userId: 2 as never,
          sessionId: '' as never,
          roles: [],
          isSuperuser: false,
          accessUntilMs: 0,
        }),
        permits: () => false,
        refusalOf: () => new Rejection('permission_denied'),
        whileSure: work => work,
        actAs: (_principal, _permissions, work) => work(),
        assertStepUp: async () => {},
        assertStaffFactor: () => undefined,
        denied: () => Promise.reject(new Error('no disk')),
      },
    })
    assert.equal((await app.inject({ url: '/api/test/items/1/', headers: good })).statusCode, 403)
    assert.ok(log.some(line => line.level === 'error'))
  })

  it('refuses when the guard cannot know or breaks', async () => {
    const guardThatThrows = (error: unknown) => ({
      authenticate: () => {
        throw error
      },
      permits: () => true,
      refusalOf: () => new Rejection('permission_denied'),
      whileSure: <T>(work: Promise<T>) => work,
      actAs: <T>(_principal: unknown, _permissions: unknown, work: () => T) => work(),
      assertStepUp: async () => {},
      assertStaffFactor: () => undefined,
      denied: async () => {},
    })
    const unsure = testApp({ guard: guardThatThrows(new Rejection('unavailable')) }).app
    const broken = testApp({ guard: guardThatThrows(new Error('x')) }).app
    const answer = await unsure.inject({ url: '/api/test/whoami/', headers: good })
    assert.equal(answer.statusCode, 503)
    assert.equal(answer.headers['retry-after'], '1')
    assert.equal((await broken.inject({ url: '/api/test/whoami/', headers: good })).statusCode, 500)
  })

  it('takes no token but the one in the Authorization header', async () => {
    const { app } = testApp()
    for (const authorization of [
      '',
      'Bearer',
      'Bearer ',
      'Bearer  good',
      'Basic good',
      'good',
      'Bearer good, Bearer good',
      'Bearer good x',
      'Bearer\tgood',
    ]) {
      const answer = await app.inject({ url: '/api/test/whoami/', headers: { authorization } })
      assert.equal(answer.statusCode, 401, authorization)
      assert.equal(answer.json().code, 'not_authenticated', authorization)
    }
    assert.equal((await app.inject({ url: '/api/test/whoami/?access_token=good' })).statusCode, 401)
    assert.equal(
      (await app.inject({ url: '/api/test/whoami/', headers: { cookie: 'access=good' } })).statusCode,
      401,
    )
    assert.equal(
      (await app.inject({ url: '/api/test/whoami/', headers: { authorization: 'bEARER good' } })).statusCode,
      200,
    )
  })

  it('says by RFC 6750 that a token is no longer valid', async () => {
    const { app, log } = testApp()
    const answer = await app.inject({ url: '/api/test/whoami/', headers: { authorization: 'Bearer old' } })
    assert.equal(answer.json().code, 'invalid_token')
    assert.match(
      String(answer.headers['www-authenticate']),
      /^Bearer realm="propusk", error="invalid_token", error_description="[ -~]+"$/,
    )
    assert.equal(log.at(-1)?.reason, 'expired')
  })

  it('looks at no token on a public route', async () => {
    const { app } = testApp()
    const answer = await app.inject({ url: '/api/test/items/', headers: { authorization: 'Bearer old' } })
    assert.equal(answer.statusCode, 200)
  })
})

describe('the body', () => {
  const post = (headers: Record<string, string>, payload: string | Buffer, url = '/api/test/items/') =>
    testApp().app.inject({ method: 'POST', url, headers: { ...good, ...headers }, payload })

  it('is taken as JSON under every honest spelling of its type', async () => {
    for (const type of [
      'application/json',
      'Application/JSON',
      'application/json; charset=utf-8',
      'application/json;charset=UTF-8',
      'application/json;charset="utf-8"',
    ]) {
      assert.equal((await post({ 'content-type': type }, '{"name":"x"}')).statusCode, 201, type)
    }
  })

  it('is refused with 415 under any other', async () => {
    const types = [
      'application/json\ta',
      'application/json a',
      'application/json;',
      'application/json; charset=utf-16',
      'application/json; a=b',
      'application/json, text/plain',
      'application/problem+json',
      'text/json',
      'text/plain',
      'application/jsonx',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      '*/*',
      'x',
    ]
    for (const type of types) {
      const answer = await post({ 'content-type': type }, '{"name":1}')
      assert.equal(answer.statusCode, 415, type)
      assert.equal(answer.json().code, 'unsupported_media_type')
    }
    assert.equal((await post({}, Buffer.from('{"name":"x"}'))).statusCode, 415)
    assert.equal((await post({ ...json, 'content-encoding': 'gzip' }, '{"name":"x"}')).statusCode, 415)
  })

  it('is 64 KB at most', async () => {
    const withSize = (size: number) => `{"name":"${'x'.repeat(size - '{"name":""}'.length)}"}`
    assert.equal((await post(json, withSize(65_536))).statusCode, 400)
    const answer = await post(json, withSize(65_537))
    assert.equal(answer.statusCode, 413)
    assert.equal(answer.json().code, 'too_large')
  })

  it('that is missing is answered with the fields it would need', async () => {
    const answer = await post({}, '')
    assert.equal(answer.statusCode, 400)
    assert.deepEqual(Object.keys(answer.json().errors), ['name'])
  })

  it('is not taken by a call that needs none, except as the empty object', async () => {
    const url = '/api/test/items/1/approve/'
    assert.equal((await post({}, '', url)).statusCode, 204)
    assert.equal((await post(json, '', url)).statusCode, 204)
    assert.equal((await post(json, '{ }', url)).statusCode, 204)
    for (const payload of ['{"a":1}', '[]', 'null', 'x']) {
      const answer = await post(json, payload, url)
      assert.equal(answer.statusCode, 400, payload)
      assert.deepEqual(Object.keys(answer.json().errors), ['body'])
    }
    const get = await testApp().app.inject({
      method: 'GET',
      url: '/api/test/items/',
      headers: json,
      payload: '{}',
    })
    assert.equal(get.statusCode, 400)
  })

  it('is named together with the path and the query when each is wrong', async () => {
    const answer = await post(json, '{"a":1}', '/api/test/items/x/approve/?y=1')
    assert.deepEqual(Object.keys(answer.json().errors).toSorted(), ['body', 'id', 'y'])
  })
})

describe('the path and the query', () => {
  it('take ids in one spelling and within what a number can hold', async () => {
    const { app } = testApp()
    for (const id of [
      '01',
      '+1',
      '1e3',
      '0x1',
      '1.0',
      '%201',
      '-1',
      '0',
      '9007199254740992',
      '9'.repeat(100),
      '%2531',
      '1%00',
    ]) {
      const answer = await app.inject({ url: `/api/test/items/${id}/`, headers: good })
      assert.equal(answer.statusCode, 400, id)
      assert.deepEqual(Object.keys(answer.json().errors), ['id'], id)
    }
    assert.equal(
      (await app.inject({ url: '/api/test/items/9007199254740991/', headers: good })).statusCode,
      200,
    )
  })

  it('answer 400 to broken encoding', async () => {
    const { app, log } = testApp()
    for (const url of [
      '/api/test/items/%ff/',
      '/api/test/items/%/',
      '/%c0%ae/',
      '/api/test/items/?search=%ff',
      `/api/test/items/${'1'.repeat(400)}/`,
    ]) {
      const answer = await app.inject({ url, headers: good })
      assert.equal(answer.statusCode, 400, url)
      assert.equal(answer.json().code, 'invalid_request', url)
      assert.equal(answer.headers['x-content-type-options'], 'nosniff')
      assert.equal(log.at(-1)?.status, 400)
    }
  })

  it('refuse unknown and repeated parameters', async () => {
    const { app } = testApp()
    for (const query of [
      'x=1',
      'limit=1&limit=1',
      'limit[]=1',
      'limit=',
      'active=1',
      '__proto__=1',
      'search=%00',
    ]) {
      assert.equal((await app.inject({ url: `/api/test/items/?${query}` })).statusCode, 400, query)
    }
    assert.equal((await app.inject({ url: '/api/test/whoami/?x=1', headers: good })).statusCode, 400)
  })
})

describe('problems', () => {
  it('have the form of RFC 9457 and the id of the request', async () => {
    const { app, log } = testApp()
    const answer = await app.inject({ url: '/nowhere' })
    const problem = answer.json()
    assert.deepEqual(Object.keys(problem), ['type', 'title', 'status', 'detail', 'code', 'instance'])
    assert.equal(problem.type, 'urn:propusk:problem:not_found')
    assert.equal(problem.instance, `urn:uuid:${log.at(-1)?.requestId}`)
    assert.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8')
    assert.equal(answer.headers['cache-control'], 'no-store')
  })

  it('speak Russian when asked to', async () => {
    const { app } = testApp()
    const answer = await app.inject({
      url: '/api/test/items/?limit=x',
      headers: { 'accept-language': 'ru-RU,ru;q=0.9' },
    })
    assert.equal(answer.headers['content-language'], 'ru')
    assert.match(String(answer.headers.vary), /Accept-Language/)
    assert.match(answer.json().errors.limit[0], /[а-я]/)
    assert.match(answer.json().title, /[а-я]/)
  })

  it('hide every fault behind an opaque 500 and keep its cause for the log', async () => {
    const { app, log } = testApp()
    const answer = await app.inject({ method: 'POST', url: '/api/test/fault/' })
    assert.equal(answer.statusCode, 500)
    assert.equal(answer.json().code, 'internal_error')
    assert.doesNotMatch(answer.body, /secret|deeper|stack|\.ts/)
    const line = log.find(each => each.level === 'error')
    assert.match(JSON.stringify(line), /the secret inside.*deeper/)
  })

  it('can be about a field with a poisonous name', async () => {
    const { app } = testApp()
    const answer = await app.inject({
      method: 'POST',
      url: '/api/test/items/',
      headers: { ...good, ...json },
      payload: '{"__proto__":{"a":1},"name":"x"}',
    })
    assert.equal(answer.statusCode, 400)
    assert.match(answer.body, /"errors":\{"__proto__":\[/)
  })
})

describe('headers', () => {
  const urls = [
    '/api/test/items/',
    '/api/test/whoami/',
    '/nowhere',
    '/health/live',
    '/openapi.json',
    '/swagger/',
    '/api/test/%ff',
    '/metrics',
    '/.well-known/jwks.json',
  ]

  it('guard the browser on every answer, errors and documents too', async () => {
    const { app } = testApp()
    for (const url of urls) {
      const { headers } = await app.inject({ url })
      assert.equal(headers['x-content-type-options'], 'nosniff', url)
      assert.equal(headers['referrer-policy'], 'no-referrer', url)
      assert.equal(headers['x-frame-options'], 'DENY', url)
      assert.match(
        String(headers['content-security-policy']),
        /default-src 'none'.*base-uri 'none'.*frame-ancestors 'none'/,
        url,
      )
      assert.equal(headers.server, undefined)
      assert.equal(headers['x-powered-by'], undefined)
      assert.equal(headers['strict-transport-security'], undefined)
      assert.match(String(headers['content-type']), /charset=utf-8|image/, url)
    }
  })

  it('ask for HTTPS where the public address is HTTPS', async () => {
    const { app } = testApp({ publicUrl: 'https://id.example.org' })
    for (const url of urls) {
      assert.match(
        String((await app.inject({ url })).headers['strict-transport-security']),
        /max-age=31536000/,
      )
    }
  })

  it('keep every answer of the API out of caches', async () => {
    const { app } = testApp()
    assert.equal(
      (await app.inject({ url: '/api/test/whoami/', headers: good })).headers['cache-control'],
      'no-store',
    )
  })
})

describe('CORS', () => {
  const app = () => testApp({ corsOrigins: ['https://app.example.org'] }).app
  const preflight = (origin: string) => ({
    method: 'OPTIONS' as const,
    url: '/api/test/items/',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    },
  })

  it('answers the preflight of an allowed origin with what the path takes', async () => {
    const { headers, statusCode } = await app().inject(preflight('https://app.example.org'))
    assert.equal(statusCode, 204)
    assert.equal(headers['access-control-allow-origin'], 'https://app.example.org')
    assert.equal(headers['access-control-allow-methods'], 'GET, HEAD, POST')
    assert.equal(
      headers['access-control-allow-headers'],
      'Authorization, Content-Type, If-Match, Propusk-Device, Idempotency-Key',
    )
    assert.equal(headers['access-control-max-age'], '600')
    assert.equal(headers['access-control-allow-credentials'], undefined)
  })

  it('grants nothing to any other origin', async () => {
    const strangers = [
      'https://evil.example',
      'null',
      'https://app.example.org.evil.example',
      'https://app.example.org:8443',
      'http://app.example.org',
      'https://APP.example.org',
      'https://app.example.org/',
      '*',
      'https://evil.example, https://app.example.org',
    ]
    for (const origin of strangers) {
      for (const request of [preflight(origin), { url: '/api/test/items/', headers: { origin } }]) {
        const { headers } = await app().inject(request)
        assert.equal(headers['access-control-allow-origin'], undefined, origin)
        assert.equal(headers['access-control-allow-methods'], undefined, origin)
        assert.match(String(headers.vary), /Origin/)
      }
    }
  })

  it('lets an allowed origin read errors too', async () => {
    const answer = await app().inject({ url: '/nowhere', headers: { origin: 'https://app.example.org' } })
    assert.equal(answer.headers['access-control-allow-origin'], 'https://app.example.org')
    assert.match(String(answer.headers.vary), /Origin.*Accept-Language/)
  })

  it('sends nothing at all where no origin is configured', async () => {
    const answer = await testApp().app.inject(preflight('https://app.example.org'))
    assert.equal(answer.headers['access-control-allow-origin'], undefined)
    assert.equal(answer.headers.vary, undefined)
  })
})

describe('where a request comes from', () => {
  const whoami = async (trustProxy: string[] | false, forwarded: string, remoteAddress = '10.0.0.9') => {
    const { app } = testApp({ trustProxy })
    const headers = { ...good, 'x-forwarded-for': forwarded, 'user-agent': 'Phone\u0007 1' }
    return (await app.inject({ url: '/api/test/whoami/', headers, remoteAddress })).json()
  }

  it('is the socket unless a proxy is trusted', async () => {
    assert.equal((await whoami(false, '203.0.113.5')).ip_address, '10.0.0.9')
    assert.equal((await whoami(['10.0.0.8'], '203.0.113.5')).ip_address, '10.0.0.9')
  })

  it('is what a trusted proxy says, from the right, and never what is no address', async () => {
    assert.equal((await whoami(['10.0.0.0/24'], '198.51.100.1, 203.0.113.5')).ip_address, '203.0.113.5')
    assert.equal((await whoami(['10.0.0.0/24'], '<script>')).ip_address, '10.0.0.9')
    assert.equal((await whoami(['10.0.0.0/24'], '::ffff:203.0.113.5')).ip_address, '203.0.113.5')
  })

  it('is one address for one client, however its proxy writes it', async () => {
    for (const written of ['2001:DB8:0:0::1', '2001:db8::1', '2001:0db8:0000:0000:0000:0000:0000:0001'])
      assert.equal((await whoami(['10.0.0.0/24'], written)).ip_address, '2001:db8::1')
    assert.equal((await whoami(['10.0.0.0/24'], '::FFFF:cb00:7105')).ip_address, '203.0.113.5')
  })

  it('is written without a mapping, and the agent without control characters', async () => {
    const body = await whoami(false, '', '::ffff:192.0.2.7')
    assert.equal(body.ip_address, '192.0.2.7')
    assert.equal(body.user_agent, 'Phone 1')
  })
})

describe('the log', () => {
  it('has one line per request and neither query, token nor body in it', async () => {
    const { app, log } = testApp()
    await app.inject({
      method: 'POST',
      url: '/api/test/items/?password=hunter2',
      headers: { ...good, ...json },
      payload: '{"name":"hunter3"}',
    })
    await app.inject({ url: '/api/test/eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl/' })
    const text = JSON.stringify(log)
    assert.doesNotMatch(text, /hunter|good|eyJ/)
    assert.equal(log.length, 2)
    assert.equal(log[0]?.path, '/api/test/items/')
    assert.equal(log[0]?.userId, 1)
    assert.equal(log[0]?.code, 'invalid_request')
    assert.equal(log[1]?.path, '/api/test/[more]')
  })

  it('has no more than two segments of a path that no route has, and nothing long of them', async () => {
    const secret = `12.${'q0cM9m1gq3f0cXkT2m7gqk4m'}`
    for (const [url, path] of [
      [`/api/test/reset/${secret}/`, '/api/test/[more]'],
      [`/api/test/${secret}`, '/api/test/[more]'],
      [`/api/${secret}?next=1`, '/api/[long]'],
      [`/${secret}/`, '/[long]/'],
      [`/api/test/%ff${secret}`, '/api/test/[more]'],
      ['/nowhere/at/', '/nowhere/at'],
      ['/nowhere', '/nowhere'],
    ] as const) {
      const { app, log } = testApp()
      await app.inject({ url })
      assert.equal(log.at(-1)?.path, path)
      assert.doesNotMatch(JSON.stringify(log), /q0cM9m/)
    }
  })

  it('has the whole path of an address that a route has', async () => {
    const { app, log } = testApp()
    await app.inject({ url: '/api/test/items/1/', headers: weak })
    await app.inject({ url: '/account/one/two/eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl' })
    assert.deepEqual(
      log.filter(line => line.msg === 'request').map(line => line.path),
      ['/api/test/items/1/', '/account/one/two/[token]'],
    )
  })

  it('says who was refused', async () => {
    const { app, log } = testApp()
    await app.inject({ url: '/api/test/items/1/', headers: weak })
    assert.equal(log.at(-1)?.code, 'permission_denied')
    assert.equal(log.at(-1)?.userId, 2)
    assert.equal(log.at(-1)?.level, 'info')
  })
})
