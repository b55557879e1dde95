import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Gauges, Metrics } from './metrics.ts'

/** The lines of one metric, without its help. */
async function linesOf(metrics: Metrics, name: string): Promise<string[]> {
  const text = await metrics.scrape()
  return text.split('\n').filter(line => line.startsWith(name))
}

describe('metrics', () => {
  it('count requests by method, route and status, and how long they took', async () => {
    const metrics = new Metrics()
    metrics.observe({ method: 'GET', route: '/items/:id/', status: 200, seconds: 0.003 })
    metrics.observe({ method: 'GET', route: '/items/:id/', status: 200, seconds: 4 })
    metrics.observe({ method: 'GET', route: '/items/:id/', status: 404, seconds: 0.003 })
    assert.deepEqual(await linesOf(metrics, 'http_requests_total'), [
      'http_requests_total{method="GET",route="/items/:id/",status="200"} 2',
      'http_requests_total{method="GET",route="/items/:id/",status="404"} 1',
    ])
    const durations = await linesOf(metrics, 'http_request_duration_seconds')
    for (const line of ['bucket{le="0.0025",', 'bucket{le="0.005",', 'bucket{le="+Inf",', 'count{']) {
      assert.equal(
        durations.filter(each => each.startsWith(`http_request_duration_seconds_${line}`)).length,
        1,
      )
    }
    assert.ok(
      durations.includes(
        'http_request_duration_seconds_bucket{le="0.005",method="GET",route="/items/:id/"} 2',
      ),
    )
    assert.ok(durations.includes('http_request_duration_seconds_count{method="GET",route="/items/:id/"} 3'))
  })

  it('have one series for all paths that match no route', async () => {
    const metrics = new Metrics()
    for (let n = 0; n < 50; n++) metrics.observe({ method: 'GET', route: undefined, status: 404, seconds: 0 })
    assert.deepEqual(await linesOf(metrics, 'http_requests_total'), [
      'http_requests_total{method="GET",route="unmatched",status="404"} 50',
    ])
  })

  it('are of one server each, also where several run in a process', async () => {
    const [one, other] = [new Metrics(), new Metrics()]
    one.observe({ method: 'GET', route: '/', status: 200, seconds: 0 })
    assert.equal((await linesOf(one, 'http_requests_total')).length, 1)
    assert.equal((await linesOf(other, 'http_requests_total')).length, 0)
  })

  it('ask the gauges at each reading, and never after the server has stopped', async () => {
    let asked = 0
    const gauges: Gauges = {
      hashQueue: () => ({ waiting: ++asked, running: 2 }),
      ledgerAgeSeconds: () => 0.25,
      eventStreams: () => 0,
      databaseConnections: () => ({ inUse: 3, idle: 7, waiting: 0 }),
    }
    const metrics = new Metrics(gauges)
    await metrics.scrape()
    assert.deepEqual(await linesOf(metrics, 'propusk_'), [
      'propusk_password_hashes{state="waiting"} 2',
      'propusk_password_hashes{state="running"} 2',
      'propusk_ledger_age_seconds 0.25',
      'propusk_event_streams 0',
      'propusk_database_connections{state="in_use"} 3',
      'propusk_database_connections{state="idle"} 7',
      'propusk_database_connections{state="waiting"} 0',
    ])
    metrics.stop()
    assert.deepEqual(await linesOf(metrics, 'propusk_'), [])
    assert.equal(asked, 2)
  })

  it('declare what this node does not know, and give it no number', async () => {
    const metrics = new Metrics()
    assert.deepEqual(
      (await linesOf(metrics, 'propusk_')).filter(line => !/ nan$/i.test(line)),
      [],
    )
    const text = await metrics.scrape()
    for (const name of ['password_hashes', 'ledger_age_seconds', 'event_streams', 'database_connections']) {
      assert.match(text, new RegExp(`^# TYPE propusk_${name} gauge$`, 'm'))
    }
  })

  it('metrics of the process have their standard names', async () => {
    const text = await new Metrics().scrape()
    for (const name of [
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
      'process_start_time_seconds',
      'nodejs_heap_size_used_bytes',
      'nodejs_eventloop_lag_p99_seconds',
    ]) {
      assert.match(text, new RegExp(`^${name} [\\d.e-]+$`, 'm'))
    }
  })

  it('are in the format that they are sent as', async () => {
    const metrics = new Metrics()
    metrics.observe({ method: 'GET', route: '/', status: 200, seconds: 0.1 })
    assert.equal(metrics.contentType, 'text/plain; version=0.0.4; charset=utf-8')
    const names: string[] = []
    for (const line of (await metrics.scrape()).trimEnd().split('\n')) {
      if (line === '') continue
      const type = /^# TYPE (\S+) (?:counter|gauge|histogram|summary)$/.exec(line)
      if (type) names.push(type[1]!)
      else
        assert.match(
          line,
          /^(?:# HELP \S+ .+|[a-z_][a-z0-9_]*(?:\{(?:\w+="[^"\\]*",?)+\})? (?:-?[\d.e+-]+|NaN|Nan))$/,
        )
    }
    assert.equal(new Set(names).size, names.length)
  })
})
