import type { FastifyInstance } from 'fastify'
import { Rejection } from '../kernel/index.ts'
import { isLocalRequest } from './client-address.ts'
import type { HttpDeps } from './http-deps.ts'
import type { Metrics } from './metrics.ts'

/** A verifier that meets an unknown `kid` asks again; a minute keeps the rest of them from asking. */
const keySetMaxAgeSeconds = 60

type ProbeDeps = Pick<HttpDeps, 'jwks' | 'readiness' | 'metrics'>

/** What machines ask at the root of the host: is it alive, can it answer, how is it doing, which keys sign. */
export function registerProbes(app: FastifyInstance, deps: ProbeDeps, metrics: Metrics | undefined): void {
  app.get('/health/live', async () => ({ status: 'ok' }))

  app.get('/health/ready', async (_request, reply) => {
    const { ready, checks } = await deps.readiness().catch(cause => {
      throw new Rejection('unavailable', { cause })
    })
    if (!ready) reply.code(503).header('retry-after', '1')
    return { status: ready ? 'ok' : 'unavailable', checks }
  })

  app.get('/.well-known/jwks.json', async (_request, reply) => {
    reply.header('cache-control', `public, max-age=${keySetMaxAgeSeconds}`)
    return deps.jwks()
  })

  if (metrics === undefined) return
  app.get('/metrics', async (request, reply) => {
    // A caller from outside gets the same answer as for an address that does not exist.
    if (deps.metrics === 'loopback' && !isLocalRequest(request)) throw new Rejection('not_found')
    return reply.type(metrics.contentType).send(await metrics.scrape())
  })
}
