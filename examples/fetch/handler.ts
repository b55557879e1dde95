import { connectGate } from '@propusk/gate'
import { guard } from '@propusk/gate/fetch'
import { add, approve, notes } from './notes.ts'

const gate = await connectGate({ issuer: process.env.PROPUSK_URL!, key: process.env.PROPUSK_KEY! })

const readOrAdd = guard(gate, 'notes', async (request, principal) => {
  if (request.method !== 'POST') return Response.json(notes) // notes:read
  const { text } = (await request.json()) as { readonly text: string }
  return Response.json(add(text, principal.id), { status: 201 }) // notes:create
})

const approveNote = guard(
  gate,
  'notes',
  request => {
    const note = approve(Number(new URL(request.url).pathname.split('/')[2]))
    return note === undefined ? new Response(null, { status: 404 }) : Response.json(note)
  },
  { action: 'approve' },
)

/** Bun, Deno and workers serve this object as it is; `server.ts` serves it on Node. */
export default {
  fetch(request: Request): Response | Promise<Response> {
    const { pathname } = new URL(request.url)
    if (pathname === '/status') return Response.json({ gate: gate.state })
    if (pathname === '/notes') return readOrAdd(request)
    if (request.method === 'POST' && /^\/notes\/\d+\/approve$/.test(pathname)) return approveNote(request)
    return new Response(null, { status: 404 })
  },
}
