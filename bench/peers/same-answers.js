import { readFileSync } from 'node:fs'
import Fastify from 'fastify'

/**
 * The ceiling of every answer: Fastify that sends the very bytes that another server sent, head and body, and does
 * nothing for them but what Fastify does by itself. A body of a request is parsed as JSON, as the other one must too.
 */
const answers = JSON.parse(readFileSync(process.env.ANSWERS, 'utf8'))
const app = Fastify({ logger: { level: process.env.LOG_LEVEL ?? 'warn' } })
app.get('/health/live', async () => ({ status: 'ok' }))
for (const { method, path, headers, body } of answers) {
  app.route({ method, url: path, handler: (_request, reply) => reply.headers(headers).send(body) })
}
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })
process.once('SIGTERM', () => void app.close())
