import { serve } from '@hono/node-server'
import handler from './handler.ts'

serve({ fetch: handler.fetch, hostname: '127.0.0.1', port: Number(process.env.PORT ?? 3000) }, ({ port }) => {
  console.log(`Listening at http://127.0.0.1:${port}`)
})
