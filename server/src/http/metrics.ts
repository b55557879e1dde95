import { monitorEventLoopDelay } from 'node:perf_hooks'
import process from 'node:process'

export interface Metrics {
  /** `route` is the pattern of the route; undefined where none was found. */
  observe(answered: { method: string; route: string | undefined; status: number; seconds: number }): void
  /** Every metric in Prometheus' text format 0.0.4. */
  scrape(): Promise<string>
  readonly contentType: string
  stop(): void
}

const bucketsSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]

interface RouteFigures {
  readonly byStatus: Map<number, number>
  readonly durations: Durations
}

const noFigures = (): RouteFigures => ({
  byStatus: new Map(),
  durations: { buckets: bucketsSeconds.map(() => 0).concat(0), sumSeconds: 0 },
})

interface Durations {
  /** One more than there are bounds: the last one is for what took longer. */
  readonly buckets: number[]
  sumSeconds: number
}

/**
 * Counts requests by method, pattern of the route and status. The pattern, because a raw path would make a new
 * series for every id and every scan: INVARIANT: the number of series is bounded by the routes that exist.
 */
export function createMetrics(): Metrics {
  const families = new Map<string, Map<string, RouteFigures>>()
  const figuresOf = (method: string, pattern: string): RouteFigures => {
    const byPattern = families.get(method) ?? families.set(method, new Map()).get(method)!
    return byPattern.get(pattern) ?? byPattern.set(pattern, noFigures()).get(pattern)!
  }
  const loop = monitorEventLoopDelay({ resolution: 20 })
  loop.enable()

  return {
    contentType: 'text/plain; version=0.0.4; charset=utf-8',
    stop: () => loop.disable(),
    observe({ method, route, status, seconds }) {
      const { byStatus, durations } = figuresOf(method, route ?? 'unmatched')
      byStatus.set(status, (byStatus.get(status) ?? 0) + 1)
      const bucket = bucketsSeconds.findIndex(bound => seconds <= bound)
      durations.buckets[bucket === -1 ? bucketsSeconds.length : bucket]! += 1
      durations.sumSeconds += seconds
    },
    async scrape() {
      const labelled = [...families].flatMap(([method, byPattern]) =>
        [...byPattern].map(
          ([pattern, figures]) => [`method="${method}",route="${pattern}"`, figures] as const,
        ),
      )
      return [
        ...family(
          'http_requests_total',
          'counter',
          'Requests answered, by method, route pattern and status.',
        ),
        ...labelled.flatMap(([labels, { byStatus }]) =>
          [...byStatus].map(
            ([status, count]) => `http_requests_total{${labels},status="${status}"} ${count}`,
          ),
        ),
        ...family(
          'http_request_duration_seconds',
          'histogram',
          'Time from the head of a request to the end of its answer, by method and route pattern.',
        ),
        ...labelled.flatMap(([labels, { durations }]) => histogramLines(labels, durations)),
        ...processLines(loop.percentile(99) / 1e9),
        '',
      ].join('\n')
    },
  }
}

const family = (name: string, type: string, help: string) => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} ${type}`,
]

/** A bucket counts everything up to its bound, the ones before it included. */
function histogramLines(labels: string, { buckets, sumSeconds }: Durations): string[] {
  const name = 'http_request_duration_seconds'
  let total = 0
  const lines = [...bucketsSeconds, '+Inf'].map((bound, index) => {
    total += buckets[index]!
    return `${name}_bucket{${labels},le="${bound}"} ${total}`
  })
  return [...lines, `${name}_sum{${labels}} ${sumSeconds}`, `${name}_count{${labels}} ${total}`]
}

function processLines(loopDelayP99Seconds: number): string[] {
  const { user, system } = process.cpuUsage()
  const { rss, heapUsed } = process.memoryUsage()
  const gauges: [name: string, type: string, help: string, value: number][] = [
    ['process_cpu_seconds_total', 'counter', 'User and system CPU time.', (user + system) / 1e6],
    ['process_resident_memory_bytes', 'gauge', 'Resident memory.', rss],
    ['process_uptime_seconds', 'gauge', 'Time since the process started.', process.uptime()],
    ['nodejs_heap_size_used_bytes', 'gauge', 'Heap in use.', heapUsed],
    [
      'nodejs_eventloop_lag_p99_seconds',
      'gauge',
      'How late timers were, 99th percentile since the start.',
      loopDelayP99Seconds,
    ],
  ]
  return gauges.flatMap(([name, type, help, value]) => [...family(name, type, help), `${name} ${value}`])
}
