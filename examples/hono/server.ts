import { serve } from '@hono/node-server'
import { connectGate } from '@propusk/gate'
import { resource } from '@propusk/gate/hono'
import { Hono } from 'hono'
import { add, approve, notes } from './notes.ts'

const gate = await connectGate({ issuer: process.env.PROPUSK_URL!, key: process.env.PROPUSK_KEY! })
const app = new Hono()

app.get('/status', context => context.json({ gate: gate.state }))

// An action of its own: before the other notes, whose POST would ask for notes:create.
app.post('/notes/:id/approve', resource(gate, 'notes', { action: 'approve' }), context => {
  const note = approve(Number(context.req.param('id')))
  return note === undefined ? context.notFound() : context.json(note)
})

app.use('/notes', resource(gate, 'notes'))
app.get('/notes', context => context.json(notes)) // notes:read
app.post('/notes', async context => {
  const { text } = await context.req.json<{ text: string }>()
  return context.json(add(text, context.get('principal').id), 201) // notes:create
})

serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env.PORT ?? 3000) }, ({ port }) => {
  console.log(`Listening at http://127.0.0.1:${port}`)
})
