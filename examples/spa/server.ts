import { serve } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import { connectGate } from '@propusk/gate'
import { resource } from '@propusk/gate/hono'
import { Hono } from 'hono'
import { add, approve, notes } from './notes.ts'

const issuer = process.env.PROPUSK_URL!
const gate = await connectGate({ issuer, key: process.env.PROPUSK_KEY! })
const app = new Hono()

// The page has its tokens in localStorage, where any script of this origin could read them: so no other script runs here.
app.use(async (context, next) => {
  await next()
  context.header(
    'Content-Security-Policy',
    `default-src 'self'; connect-src 'self' ${issuer}; frame-ancestors 'none'`,
  )
})

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

app.get('/issuer.js', context =>
  context.body(`export const issuer = ${JSON.stringify(issuer)}`, 200, { 'content-type': 'text/javascript' }),
)
// A bundler would do as well; the package is ES modules, so a browser takes them as they are.
const ofClient = (path: string) => path.replace('/client/', '/node_modules/@propusk/client/dist/')
app.get('/client/*', serveStatic({ root: '.', rewriteRequestPath: ofClient }))
app.get('*', serveStatic({ root: './page' }))

serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env.PORT ?? 3000) }, ({ port }) => {
  console.log(`Listening at http://127.0.0.1:${port}`)
})
