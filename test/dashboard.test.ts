import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { testWorld } from './support/world.ts'

interface Dashboard {
  readonly panels: readonly { id: number; title: string; targets?: readonly { expr: string }[] }[]
  readonly templating: { readonly list: readonly { definition?: string }[] }
}

/** What a query of PromQL reads: names of metrics, and the labels that it selects or groups by. */
function read(query: string): { metrics: string[]; labels: string[] } {
  const labels = [...query.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)].map(match => match[1]!)
  for (const [, list] of query.matchAll(/\b(?:by|without|on|ignoring)\s*\(([^)]*)\)/g)) {
    labels.push(...list!.split(',').map(label => label.trim()))
  }
  const bare = query
    .replace(/\{[^}]*\}|\[[^\]]*\]|"[^"]*"/g, ' ')
    .replace(/\b(?:by|without|on|ignoring)\s*\([^)]*\)/g, ' ')
    .replace(/label_values\(([^,]*),[^)]*\)/, '$1')
  const metrics = [...bare.matchAll(/\b[a-z_:][a-z0-9_:]*\b(?!\s*\()/gi)].map(match => match[0])
  return { metrics, labels }
}

/** The names of all series that a text of Prometheus declares, and all labels in it. */
function printed(text: string): { metrics: Set<string>; labels: Set<string> } {
  const metrics = new Set<string>()
  for (const [, name, type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    metrics.add(name!)
    if (type === 'histogram') metrics.add(`${name}_bucket`)
    if (type !== 'gauge' && type !== 'counter') metrics.add(`${name}_sum`).add(`${name}_count`)
  }
  return { metrics, labels: new Set([...text.matchAll(/[{,](\w+)="/g)].map(match => match[1]!)) }
}

describe('the dashboard', async () => {
  const world = await testWorld({ engine: 'postgres' })
  const dashboard: Dashboard = JSON.parse(
    await readFile(new URL('../deploy/grafana/propusk.json', import.meta.url), 'utf8'),
  )
  const queries = [
    ...dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
    ...dashboard.templating.list.flatMap(({ definition }) => (definition === undefined ? [] : [definition])),
  ]

  it('asks for nothing that a running server does not print', async () => {
    await world.superuser()
    const shown = printed((await world.inject('/metrics')).payload)
    assert.ok(queries.length > 15)
    for (const query of queries) {
      const { metrics, labels } = read(query)
      assert.ok(metrics.length > 0, query)
      for (const name of metrics) assert.ok(shown.metrics.has(name), `${name} in ${query}`)
      // Prometheus adds these two to what it reads.
      for (const label of labels)
        assert.ok(['job', 'instance', ...shown.labels].includes(label), `${label} in ${query}`)
    }
  })

  it('shows every metric of our own', async () => {
    const { metrics } = printed((await world.inject('/metrics')).payload)
    const shown = new Set(queries.flatMap(query => read(query).metrics))
    const own = [...metrics].filter(name => name.startsWith('propusk_'))
    assert.ok(own.length > 3)
    assert.deepEqual(
      own.filter(name => !shown.has(name)),
      [],
    )
  })

  it('has numbers for the queue of hashes, the ledger, event streams and connections', async () => {
    const text = (await world.inject('/metrics')).payload
    for (const line of [
      /^propusk_password_hashes\{state="waiting"\} 0$/m,
      /^propusk_password_hashes\{state="running"\} 0$/m,
      /^propusk_ledger_age_seconds \d+(?:\.\d+)?(?:e-\d+)?$/m,
      /^propusk_event_streams 0$/m,
      /^propusk_database_connections\{state="idle"\} [1-9]\d*$/m,
      /^propusk_database_connections\{state="waiting"\} 0$/m,
    ]) {
      assert.match(text, line)
    }
  })

  it('has panels with ids of their own', () => {
    assert.equal(new Set(dashboard.panels.map(({ id }) => id)).size, dashboard.panels.length)
  })
})
