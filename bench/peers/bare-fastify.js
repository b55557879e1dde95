import Fastify from 'fastify'

/** The least that a server on Fastify can be: one route and the log. */
const app = Fastify({ logger: { level: 'warn' } })
app.get('/health/live', async () => ({ status: 'ok' }))
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })
process.once('SIGTERM', () => void app.close())
