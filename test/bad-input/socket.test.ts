import assert from 'node:assert/strict'
import { request } from 'node:http'
import { describe, it } from 'node:test'
import { fingerprint } from '../support/fingerprint.ts'
import { testWorld } from '../support/world.ts'

describe('over a socket', async () => {
  const world = await testWorld({ env: { PROPUSK_LOG_LEVEL: 'error' } })
  const administrator = await world.superuser()
  const { app } = world.server
  const authorization = `Bearer ${administrator.access}`

  const address = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))

  /** A request as it is written: nothing normalises the path, and a header may stand in it twice. */
  const raw = (method: string, path: string, headers: readonly string[], chunks: readonly string[] = []) =>
    new Promise<{ status: number; body: Record<string, unknown> }>((resolve, reject) => {
      const { hostname: host, port } = address
      const sent = request(
        { host, port, method, path, headers: ['Host', address.host, ...headers] },
        answer => {
          const parts: Buffer[] = []
          answer.on('data', part => parts.push(part))
          answer.on('end', () => {
            const body = Buffer.concat(parts).toString()
            resolve({ status: answer.statusCode!, body: body === '' ? {} : JSON.parse(body) })
          })
        },
      )
      // A refused body may be cut off while it is still being sent; what counts is the answer.
      sent.on('error', error => ('code' in error && error.code === 'EPIPE' ? undefined : reject(error)))
      for (const chunk of chunks) sent.write(chunk)
      sent.end()
    })

  const bearer = ['Authorization', authorization]

  it('two Authorization headers are no Authorization header, on every route that asks for one', async () => {
    const before = await fingerprint(world)
    const other = ['authorization', 'Bearer x']
    const asksForOne = ({ route }: (typeof app.routes)[number]) =>
      route.access !== 'public' && route.access !== 'browser'
    for (const { basePath, route } of app.routes.filter(asksForOne)) {
      const path = basePath + route.path.replace(/:\w+/, '1')
      for (const headers of [
        [...bearer, ...bearer],
        [...bearer, ...other],
        [...other, ...bearer],
      ]) {
        const { status, body } = await raw(route.method, path, headers)
        const refusal = route.standard?.refuse === undefined ? 'not_authenticated' : 'invalid_client'
        assert.deepEqual([status, body.code ?? body.error], [401, refusal], `${route.method} ${path}`)
      }
    }
    assert.equal(await fingerprint(world), before)
  })

  it('only one Bearer token after one space is a usable Authorization header', async () => {
    const token = administrator.access
    const notUsable = [
      '',
      'Bearer',
      'Bearer ',
      token,
      `Bearer  ${token}`,
      `Bearer ${token} x`,
      `Bearer\t${token}`,
    ]
    notUsable.push(
      `Basic ${token}`,
      `Bearer,${token}`,
      `Token ${token}`,
      `Bearer="${token}"`,
      `Bearer \u00ff`,
    )
    for (const value of notUsable) {
      const { status, body } = await raw('GET', '/api/auth/me/', ['Authorization', value])
      assert.deepEqual([status, body.code], [401, 'not_authenticated'], value.replace(token, '…'))
    }
    for (const value of [`Bearer ${token},${token}`, `Bearer "${token}"`, `Bearer ${token}=`]) {
      const { status, body } = await raw('GET', '/api/auth/me/', ['Authorization', value])
      assert.deepEqual([status, body.code], [401, 'invalid_token'], value.replaceAll(token, '…'))
    }
    assert.equal((await raw('GET', '/api/auth/me/', ['Authorization', `bearer ${token}`])).status, 200)
  })

  it('a token in the query, the body or a cookie opens nothing', async () => {
    const { access } = administrator
    const path = `/api/auth/me/?access_token=${access}`
    assert.equal((await raw('GET', path, [])).body.code, 'not_authenticated')
    assert.equal((await raw('GET', path, bearer)).status, 400)
    const cookie = ['Cookie', `access=${access}; token=${access}`, 'X-Access-Token', access]
    assert.equal((await raw('GET', '/api/auth/me/', cookie)).body.code, 'not_authenticated')
  })

  it('dots in a path lead nowhere', async () => {
    const before = await fingerprint(world)
    for (const path of [
      '/api/auth/me/sessions/../',
      '/api/auth/me/sessions/%2e%2e/',
      '/api/auth/./me/',
      '/../me/',
    ]) {
      const { status } = await raw('DELETE', path, bearer)
      assert.ok(status === 400 || status === 404, `${path}: ${status}`)
    }
    assert.equal(await fingerprint(world), before)
  })

  it('five megabytes in pieces, without a length, are too large', async () => {
    const piece = 'x'.repeat(100_000)
    const headers = ['Content-Type', 'application/json', 'Transfer-Encoding', 'chunked']
    const { status, body } = await raw('POST', '/api/auth/login/', headers, [
      '{"email":"',
      ...Array(50).fill(piece),
    ])
    assert.deepEqual([status, body.code], [413, 'too_large'])
  })
})
