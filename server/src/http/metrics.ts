import type { FastifyReply, FastifyRequest } from 'fastify'

interface Observation {
  readonly method: string
  /** The pattern of the route: a raw path would make a new series for every id and every scan. */
  readonly route: string
  readonly status: string
  readonly seconds: number
}

export interface Metrics {
  observe(request: FastifyRequest, reply: FastifyReply): void
  /** Every metric in Prometheus' text format. */
  scrape(): Promise<{ readonly contentType: string; readonly text: string }>
  /** Loads the library ahead of the first observation. */
  load(): Promise<unknown>
}

const durationBucketsSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]

/** Counts requests. The library is loaded beside the first request, not before it; none goes uncounted meanwhile. */
export function createMetrics(): Metrics {
  const waiting: Observation[] = []
  let meters: Meters | undefined
  let loading: Promise<Meters> | undefined

  const load = () => {
    loading ??= createMeters().then(loaded => {
      meters = loaded
      for (const observation of waiting.splice(0)) loaded.record(observation)
      return loaded
    })
    return loading
  }

  return {
    load,
    observe(request, reply) {
      const observation = {
        method: request.method,
        route: request.routeOptions.url ?? 'unmatched',
        status: String(reply.statusCode),
        seconds: reply.elapsedTime / 1000,
      }
      if (meters !== undefined) return meters.record(observation)
      waiting.push(observation)
      void load()
    },
    async scrape() {
      const { registry } = await load()
      return { contentType: registry.contentType, text: await registry.metrics() }
    },
  }
}

type Meters = Awaited<ReturnType<typeof createMeters>>

async function createMeters() {
  const { collectDefaultMetrics, Counter, Histogram, Registry } = await import('prom-client')
  // A registry of our own: two apps in one process, as in tests, do not count together.
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Counter({
    name: 'http_requests_total',
    help: 'Requests answered, by method, route pattern and status.',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  })
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the head of a request to the end of its answer, by method and route pattern.',
    labelNames: ['method', 'route'],
    buckets: durationBucketsSeconds,
    registers: [registry],
  })
  return {
    registry,
    record({ method, route, status, seconds }: Observation) {
      requests.inc({ method, route, status })
      durations.observe({ method, route }, seconds)
    },
  }
}
