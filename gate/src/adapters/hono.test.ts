import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { cors } from 'hono/cors'
import {
  listen,
  protects,
  publicAddress,
  publishing,
  shown,
  testGate,
} from '../../test/support/protected-api.ts'
import { protectedResourceMetadata, resource } from './hono.ts'

describe('routes of Hono 4 behind resource', () => {
  protects(({ gate, options }) => {
    const app = new Hono()
    app.use(protectedResourceMetadata(gate, publicAddress))
    app.post('/documents/:id/approve', resource(gate, 'documents', { ...options, action: 'approve' }), c =>
      c.json({}),
    )
    app.post('/documents/:id/publish', resource(gate, 'documents', { ...options, ...publishing }), c =>
      c.json({}),
    )
    app.use('/documents/*', resource(gate, 'documents', options))
    app.all('/documents/:id', c => c.json(shown(c.get('principal'))))
    return listen(getRequestListener(app.fetch))
  })

  it('leave a preflight to the middleware before them, and refuse one that reaches them', async () => {
    const gate = await testGate()
    const preflight = {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example', 'access-control-request-method': 'GET' },
    }
    const app = new Hono().use(resource(gate, 'documents')).get('/', c => c.text('in'))
    assert.equal((await app.request('/', preflight)).status, 401)
    const open = new Hono()
      .use(cors())
      .use(resource(gate, 'documents'))
      .get('/', c => c.text('in'))
    assert.equal((await open.request('/', preflight)).status, 204)
    assert.equal((await open.request('/')).status, 401)
  })
})
