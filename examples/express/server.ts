import { connectGate } from '@propusk/gate'
import { principalOf, resource } from '@propusk/gate/express'
import express from 'express'
import { add, approve, notes } from './notes.ts'

const gate = await connectGate({ issuer: process.env.PROPUSK_URL!, key: process.env.PROPUSK_KEY! })
const app = express()

app.get('/status', (_request, response) => void response.json({ gate: gate.state }))

// An action of its own: before the router, whose POST would ask for notes:create.
app.post('/notes/:id/approve', resource(gate, 'notes', { action: 'approve' }), (request, response) => {
  const note = approve(Number(request.params.id))
  if (note === undefined) response.sendStatus(404)
  else response.json(note)
})

const routes = express.Router()
routes.get('/', (_request, response) => void response.json(notes)) // notes:read
routes.post('/', express.json(), (request, response) => {
  response.status(201).json(add(request.body.text, principalOf(request).id)) // notes:create
})
app.use('/notes', resource(gate, 'notes'), routes)

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const { port } = server.address() as { readonly port: number }
  console.log(`Listening at http://127.0.0.1:${port}`)
})
