import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from '@prometheus-io/client'

/** What the rest of the server can tell about itself, each asked when metrics are read. */
export interface Gauges {
  /** Passwords that are hashed or wait for it. */
  readonly hashQueue: () => { readonly waiting: number; readonly running: number }
  /** How long ago the reading of the ledger that the gate goes by began. */
  readonly ledgerAgeSeconds: () => number
  /** Callers that follow events. */
  readonly eventStreams: () => number
  /** Mails that wait to be sent, and those that were given up; where mail is configured. */
  readonly mails?: () => Promise<{ readonly pending: number; readonly failed: number }>
  /** The pool of a PostgreSQL; SQLite has none. */
  readonly databaseConnections?: () => {
    readonly inUse: number
    readonly idle: number
    readonly waiting: number
  }
}

/** A request that was answered, or whose caller left. */
interface ObservedRequest {
  readonly method: string
  /** The pattern of the route as it was registered; undefined when none matched. Never the path itself. */
  readonly route: string | undefined
  readonly status: number
  readonly seconds: number
}

const bucketsSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]

/**
 * Counts requests by method, pattern of the route and status. The pattern, because a raw path would make a new series
 * for every id and every scan. INVARIANT: the number of series is bounded by the routes that exist.
 */
export class Metrics {
  readonly #registry = new Registry()
  readonly #ofProcess = processRegistry()
  readonly #requests = new Counter({
    name: 'http_requests_total',
    help: 'Requests answered, by method, route pattern and status.',
    labelNames: ['method', 'route', 'status'] as const,
    registers: [this.#registry],
  })
  readonly #durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the head of a request to the end of its answer, by method and route pattern.',
    labelNames: ['method', 'route'] as const,
    buckets: bucketsSeconds,
    registers: [this.#registry],
  })
  readonly contentType = this.#registry.contentType

  constructor(gauges: Partial<Gauges> = {}) {
    registerGauges(gauges, [this.#registry])
  }

  observe({ method, route = 'unmatched', status, seconds }: ObservedRequest): void {
    this.#requests.inc({ method, route, status })
    this.#durations.observe({ method, route }, seconds)
  }

  /** Every metric of this server and of its process, in the format that `contentType` names. */
  async scrape(): Promise<string> {
    return `${await this.#ofProcess.metrics()}${await this.#registry.metrics()}`
  }

  /** Lets go of what the gauges read. */
  stop(): void {
    this.#registry.clear()
  }
}

/** A gauge without a source is declared without a value: unknown is not zero. */
function registerGauges(gauges: Partial<Gauges>, registers: Registry[]): void {
  const { hashQueue, ledgerAgeSeconds, eventStreams, databaseConnections, mails } = gauges
  new Gauge({
    name: 'propusk_password_hashes',
    help: 'Passwords that are being hashed (running) or wait for it (waiting).',
    labelNames: ['state'] as const,
    registers,
    collect() {
      for (const [state, count] of Object.entries(hashQueue?.() ?? {})) this.set({ state }, count)
    },
  })
  new Gauge({
    name: 'propusk_ledger_age_seconds',
    help: 'Age of the reading of the ledger that the gate goes by; above one second protected calls are refused.',
    registers,
    collect() {
      this.set(ledgerAgeSeconds?.() ?? Number.NaN)
    },
  })
  new Gauge({
    name: 'propusk_event_streams',
    help: 'Callers that follow events.',
    registers,
    collect() {
      this.set(eventStreams?.() ?? Number.NaN)
    },
  })
  new Gauge({
    name: 'propusk_mails',
    help: 'Mails that wait to be sent (pending), and those of the last 30 days that were given up (failed).',
    labelNames: ['state'] as const,
    registers,
    async collect() {
      // A database that is away must not take the other metrics along.
      const counted = await mails?.().catch(() => ({ pending: Number.NaN, failed: Number.NaN }))
      for (const [state, count] of Object.entries(counted ?? {})) this.set({ state }, count)
    },
  })
  new Gauge({
    name: 'propusk_database_connections',
    help: 'Connections of the pool to PostgreSQL (in_use, idle), and work that waits for one (waiting).',
    labelNames: ['state'] as const,
    registers,
    collect() {
      if (databaseConnections === undefined) return
      const { inUse, idle, waiting } = databaseConnections()
      this.set({ state: 'in_use' }, inUse)
      this.set({ state: 'idle' }, idle)
      this.set({ state: 'waiting' }, waiting)
    },
  })
}

let ofThisProcess: Registry | undefined

/**
 * Memory, processor, event loop, garbage collection. A process has one of each, however many servers run in it, and
 * the library cannot take its observers away again: they are begun once, with the first server.
 */
function processRegistry(): Registry {
  if (ofThisProcess === undefined) {
    ofThisProcess = new Registry()
    collectDefaultMetrics({
      register: ofThisProcess,
      // Timers of 10 and 100 ms, the library's own choice, would wake an idle process more than a hundred times a second.
      eventLoopMonitoringPrecision: 20,
      eventLoopUtilizationTimeout: 1_000,
    })
  }
  return ofThisProcess
}
