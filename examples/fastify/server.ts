import { connectGate } from '@propusk/gate'
import { propusk } from '@propusk/gate/fastify'
import Fastify from 'fastify'
import { add, approve, notes } from './notes.ts'

const gate = await connectGate({ issuer: process.env.PROPUSK_URL!, key: process.env.PROPUSK_KEY! })
const app = Fastify()
await app.register(propusk, { gate })

app.get('/notes', { config: { resource: 'notes' } }, async () => notes) // notes:read
app.post<{ Body: { text: string } }>('/notes', { config: { resource: 'notes' } }, async (request, reply) =>
  reply.code(201).send(add(request.body.text, request.principal.id)),
) // notes:create
app.post<{ Params: { id: string } }>(
  '/notes/:id/approve',
  { config: { resource: 'notes', action: 'approve' } },
  async (request, reply) => approve(Number(request.params.id)) ?? reply.code(404).send(),
)
app.get('/status', { config: { access: 'public' } }, async () => ({ gate: gate.state }))

console.log(`Listening at ${await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT ?? 3000) })}`)
