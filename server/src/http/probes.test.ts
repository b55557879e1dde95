import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { testApp } from './testing/test-app.ts'

describe('the probes', () => {
  it('the probes distinguish readiness from liveness', async () => {
    const { app } = testApp({ readiness: async () => ({ ready: false, checks: { store: 'unreachable' } }) })
    assert.equal((await app.inject('/health/live')).statusCode, 200)
    const answer = await app.inject('/health/ready')
    assert.equal(answer.statusCode, 503)
    assert.deepEqual(answer.json(), { status: 'unavailable', checks: { store: 'unreachable' } })
    assert.equal(answer.headers['retry-after'], '1')
  })

  it('the liveness probe answers HEAD and a query, and never checks readiness', async () => {
    const { app } = testApp({ readiness: () => new Promise(() => {}) })
    for (const method of ['GET', 'HEAD'] as const) {
      for (const url of ['/health/live', '/health/live/', '/health/live?from=balancer']) {
        assert.equal((await app.inject({ method, url })).statusCode, 200, `${method} ${url}`)
      }
    }
  })

  it('are not ready when readiness itself breaks, and do not say how', async () => {
    const { app } = testApp({ readiness: () => Promise.reject(new Error('password=x')) })
    const answer = await app.inject('/health/ready')
    assert.equal(answer.statusCode, 503)
    assert.doesNotMatch(answer.body, /password/)
  })

  it('publish the keys for a minute', async () => {
    const { app } = testApp({ jwks: () => ({ keys: [{ kid: 'a' }] }) })
    const answer = await app.inject('/.well-known/jwks.json')
    assert.deepEqual(answer.json(), { keys: [{ kid: 'a' }] })
    assert.equal(answer.headers['cache-control'], 'public, max-age=60')
  })
})

describe('the metrics', () => {
  const status = async (metrics: 'loopback' | 'on' | 'off', remoteAddress: string, headers = {}) =>
    (await testApp({ metrics }).app.inject({ url: '/metrics', remoteAddress, headers })).statusCode

  it('are for callers on this machine, whatever a header says', async () => {
    for (const address of ['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1']) {
      assert.equal(await status('loopback', address), 200, address)
    }
    for (const address of ['10.0.0.1', '::ffff:10.0.0.1', '2001:db8::1']) {
      assert.equal(await status('loopback', address, { 'x-forwarded-for': '127.0.0.1' }), 404, address)
    }
    assert.equal(await status('loopback', '127.0.0.1', { 'x-forwarded-for': '203.0.113.1' }), 404)
  })

  it('are for everyone or for no one when the settings say so', async () => {
    assert.equal(await status('on', '10.0.0.1'), 200)
    assert.equal(await status('off', '127.0.0.1'), 404)
  })

  it('count every request by the pattern of its route, the first ones too', async () => {
    const { app } = testApp()
    const urls = ['/api/test/items/1/', '/api/test/items/2/', '/nowhere/1', '/nowhere/2']
    await Promise.all(urls.map(url => app.inject({ url })))
    const { body } = await app.inject('/metrics')
    assert.match(body, /http_requests_total\{method="GET",route="\/api\/test\/items\/:id\/",status="401"\} 2/)
    assert.match(body, /http_requests_total\{method="GET",route="unmatched",status="404"\} 2/)
    assert.match(body, /http_request_duration_seconds_count\{method="GET",route="unmatched"\} 2/)
    assert.doesNotMatch(body, /nowhere/)
  })
})
