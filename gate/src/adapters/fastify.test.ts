import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import cors from '@fastify/cors'
import Fastify, { type FastifyInstance, type RouteOptions } from 'fastify'
import { protects, publishing, shown, testGate } from '../../test/support/protected-api.ts'
import { propusk } from './fastify.ts'

const handler = async () => 'in'

describe('routes of Fastify 5', () => {
  protects(async ({ gate, options }) => {
    const app = Fastify()
    await app.register(propusk, { gate, ...options })
    app.route({
      method: ['GET', 'POST', 'DELETE'],
      url: '/documents/:id',
      config: { resource: 'documents' },
      handler: async request => shown(request.principal),
    })
    // Registered within a plugin of its own, it is protected all the same.
    await app.register(async inner => {
      inner.post('/documents/:id/publish', { config: { resource: 'documents', ...publishing } }, handler)
      inner.post('/documents/:id/approve', { config: { resource: 'documents', action: 'approve' } }, handler)
    })
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    return { url, close: () => app.close() }
  })

  const withPlugin = async (options: object = {}): Promise<FastifyInstance> => {
    const app = Fastify()
    await app.register(propusk, { gate: await testGate(), ...options })
    return app
  }

  it('cannot be registered without saying who may call them', async () => {
    const app = await withPlugin()
    assert.throws(
      () => app.get('/status', handler),
      /^TypeError: Route GET \/status does not say who may call it/,
    )
    await assert.rejects(async () => {
      await app.register(async inner => void inner.get('/inner', handler))
    }, /Route GET \/inner does not say/)
  })

  it('cannot be registered when they say what cannot be', async () => {
    const app = await withPlugin()
    const wrong: readonly [Partial<RouteOptions>, RegExp][] = [
      [{ config: { resource: 'documents', access: 'public' } }, /names a resource and is public/],
      [{ config: { access: 'open' as 'public' } }, /has access "open"/],
      [{ config: { access: 'public', action: 'approve' } }, /has access "public" and action "approve"/],
      [{ config: { resource: '' } }, /resource is ""/],
      [{ config: { access: 'public', stepUp: { acr: 'aal2' } } }, /asks for a step-up and is public/],
      [{ config: { resource: 'documents', stepUp: {} } }, /stepUp is {}/],
      [{ method: ['GET', 'TRACE'], config: { resource: 'documents' } }, /TRACE stands for no action/],
    ]
    for (const [route, message] of wrong) {
      assert.throws(() => app.route({ method: 'GET', url: '/x', handler, ...route }), message)
    }
  })

  it('that are public have no principal, and say so', async () => {
    const app = await withPlugin()
    app.get('/status', { config: { access: 'public' } }, handler)
    app.get('/who', { config: { access: 'public' } }, async request => request.principal)
    assert.equal((await app.inject('/status')).statusCode, 200)
    const fault = await app.inject('/who')
    assert.deepEqual(
      [fault.statusCode, fault.json().message],
      [500, 'Route GET /who has no principal: it is public'],
    )
    assert.equal((await app.inject('/nothing')).statusCode, 404)
  })

  it('that stood before the plugin are refused', async () => {
    const app = Fastify()
    app.get('/early', handler)
    await app.register(propusk, { gate: await testGate() })
    assert.equal((await app.inject('/early')).statusCode, 500)
  })

  it('of another plugin get what accessOf says', async () => {
    const accessOf = ({ url }: { readonly url: string }) =>
      url === '/metrics' ? { resource: 'documents', action: 'approve' } : undefined
    const app = await withPlugin({ accessOf })
    app.get('/metrics', handler)
    assert.throws(() => app.get('/other', handler), /does not say/)
    assert.equal((await app.inject('/metrics')).statusCode, 401)
  })

  it('leave a preflight to @fastify/cors, registered before', async () => {
    const app = Fastify()
    await app.register(cors, { origin: 'https://app.example' })
    await app.register(propusk, { gate: await testGate() })
    app.get('/documents', { config: { resource: 'documents' } }, handler)
    const headers = { origin: 'https://app.example', 'access-control-request-method': 'GET' }
    const preflight = await app.inject({ method: 'OPTIONS', url: '/documents', headers })
    assert.equal(preflight.statusCode, 204)
    const refused = await app.inject({ url: '/documents', headers: { origin: 'https://app.example' } })
    assert.deepEqual(
      [refused.statusCode, refused.headers['access-control-allow-origin']],
      [401, 'https://app.example'],
    )
  })

  it('are checked again once the body has come', async () => {
    const gate = await testGate()
    const app = Fastify()
    await app.register(propusk, { gate })
    // Stands for a body that is slow.
    app.addHook('preParsing', async () => gate.logOut('chief'))
    app.post('/documents', { config: { resource: 'documents' } }, handler)
    const headers = { authorization: `Bearer ${await gate.tokenOf('chief')}` }
    const answer = await app.inject({ method: 'POST', url: '/documents', headers, payload: { title: 'x' } })
    assert.equal(answer.statusCode, 401)
  })
})
