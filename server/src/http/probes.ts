import { Refusal } from '../kernel/index.ts'
import { type HeadMaker, jsonMediaType } from './answer.ts'
import type { Endpoint } from './endpoint.ts'
import { isLocalRequest } from './loopback.ts'
import type { Metrics } from './metrics.ts'
import type { HttpOptions } from './options.ts'

/** A verifier that meets an unknown `kid` asks again; a minute keeps the rest of them from asking. */
const keySetMaxAgeSeconds = 60

type ProbeOptions = Pick<HttpOptions, 'jwks' | 'readiness' | 'metrics'>

/** What machines ask at the root of the host: is it alive, can it answer, how is it doing, which keys sign. */
export function probeEndpoints(options: ProbeOptions, headOf: HeadMaker, metrics: Metrics): Endpoint[] {
  const json = { 'content-type': jsonMediaType }
  const okHead = headOf(json)
  const unavailableHead = headOf({ ...json, 'retry-after': '1' })
  const keysHead = headOf({ ...json, 'cache-control': `public, max-age=${keySetMaxAgeSeconds}` })
  const metricsHead = headOf({ 'content-type': metrics.contentType })

  const probes: Endpoint[] = [
    {
      method: 'GET',
      path: '/health/live',
      answer: () => ({ status: 200, head: okHead, body: '{"status":"ok"}' }),
    },
    {
      method: 'GET',
      path: '/health/ready',
      async answer() {
        const { ready, checks } = await options.readiness().catch(cause => {
          throw new Refusal('unavailable', { cause })
        })
        const body = JSON.stringify({ status: ready ? 'ok' : 'unavailable', checks })
        return ready ? { status: 200, head: okHead, body } : { status: 503, head: unavailableHead, body }
      },
    },
    {
      method: 'GET',
      path: '/.well-known/jwks.json',
      answer: () => ({ status: 200, head: keysHead, body: JSON.stringify(options.jwks()) }),
    },
  ]
  if (options.metrics === 'off') return probes

  const readMetrics: Endpoint = {
    method: 'GET',
    path: '/metrics',
    async answer({ request }) {
      // A stranger is told what an address that does not exist is told.
      if (options.metrics === 'loopback' && !isLocalRequest(request)) throw new Refusal('not_found')
      return { status: 200, head: metricsHead, body: await metrics.scrape() }
    },
  }
  return [...probes, readMetrics]
}
