import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { describe, it } from 'node:test'
import express5, { type ErrorRequestHandler } from 'express'
import {
  listen,
  protects,
  publicAddress,
  publishing,
  shown,
  testGate,
} from '../../test/support/protected-api.ts'
import { principalOf, protectedResourceMetadata, resource } from './express.ts'

// Its types are those of Express 5 as far as these tests go.
const express4 = createRequire(import.meta.url)('express-4') as typeof express5

for (const [name, express] of [
  ['Express 5', express5],
  ['Express 4', express4],
] as const) {
  describe(`routes of ${name} behind resource`, () => {
    protects(({ gate, options }) => {
      const app = express()
      app.use(protectedResourceMetadata(gate, publicAddress))
      const approve = resource(gate, 'documents', { ...options, action: 'approve' })
      app.post('/documents/:id/approve', approve, (_request, response) => void response.json({}))
      app.post(
        '/documents/:id/publish',
        resource(gate, 'documents', { ...options, ...publishing }),
        (_, response) => {
          response.json({})
        },
      )
      const documents = express.Router()
      documents.all('/:id', (request, response) => void response.json(shown(principalOf(request))))
      app.use('/documents', resource(gate, 'documents', options), documents)
      return listen(app)
    })

    it('hand a fault of the gate to the error handler', async () => {
      const app = express()
      const gate = { issuer: 'https://auth.example', check: () => Promise.reject(new Error('broken')) }
      app.use(resource(gate, 'documents'), (_request, response) => void response.send('in'))
      const answer: ErrorRequestHandler = (error, _request, response, _next) =>
        void response.status(500).send((error as Error).message)
      app.use(answer)
      const api = await listen(app)
      const response = await fetch(api.url, { headers: { authorization: 'Bearer x' } })
      assert.deepEqual([response.status, await response.text()], [500, 'broken'])
      const unknown = await fetch(api.url, { method: 'SEARCH' })
      assert.match(await unknown.text(), /SEARCH stands for no action/)
      await api.close()
    })

    it('have no principal in front of it', async () => {
      const app = express()
      app.get('/', (request, response) => void response.json(principalOf(request)))
      app.use(resource(await testGate(), 'documents'))
      const api = await listen(app)
      assert.equal((await fetch(api.url)).status, 500)
      await api.close()
    })
  })
}
