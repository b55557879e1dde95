import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import pg from 'pg'
import type { Engine } from '../../server/src/store/index.ts'
import type { Effort, Finding } from '../bench.ts'
import { startBenchPostgres } from '../support/bench-postgres.ts'
import { showFigure } from '../support/finding-of.ts'
import { ourEnvironment } from '../support/our-server.ts'
import { onTestbed, type Testbed } from '../support/testbed.ts'
import { generate } from './generate.ts'
import { type Measured, measureServer } from './measure.ts'
import { type Size, sizeFor } from './size.ts'

export interface ScaleOptions {
  readonly users: number
  /** Ten for each user unless given. */
  readonly auditEvents: number | undefined
  readonly engine: Engine
}

/** What may not take longer than this at the 95th percentile, in any installation. */
const listLimitMs = 50

/** Fills an empty database to this size, and measures our server on it. */
export const runScale = (options: ScaleOptions, effort: Effort): Promise<Finding> =>
  onTestbed(async testbed => {
    const size = sizeFor(options.users, options.auditEvents)
    const place = options.engine === 'sqlite' ? onSqlite(testbed) : await onPostgres(testbed, effort)
    const startedAtMs = performance.now()
    await generate(place.generatorUrl, size)
    const generatedMs = performance.now() - startedAtMs
    const diskMb = await place.diskMb()
    // A measurement in a large installation takes longer than a token lives otherwise.
    const environment = ourEnvironment(place.serverUrl, { PROPUSK_ACCESS_TTL: '4h' })
    const measured = await measureServer(place.directory, environment, size, effort)
    return describe(options, size, { ...measured, generatedMs, diskMb })
  })

interface Place {
  readonly directory: string
  readonly generatorUrl: string
  readonly serverUrl: string
  diskMb(): Promise<number>
}

function onSqlite(testbed: Testbed): Place {
  const directory = testbed.directory('house')
  const sizeOf = (name: string) => statSync(join(directory, name)).size
  return {
    directory,
    generatorUrl: `sqlite:${join(directory, 'propusk.db')}`,
    serverUrl: 'sqlite:./propusk.db',
    diskMb: async () =>
      readdirSync(directory)
        .filter(name => name.startsWith('propusk.db'))
        .reduce((sum, name) => sum + sizeOf(name), 0) / 1e6,
  }
}

async function onPostgres(testbed: Testbed, effort: Effort): Promise<Place> {
  const url = await testbed.keep(await startBenchPostgres(effort)).database()
  return {
    directory: testbed.directory('house'),
    generatorUrl: url,
    serverUrl: url,
    async diskMb() {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      const { rows } = await client.query<{ size: string }>(
        'select pg_database_size(current_database()) as size',
      )
      await client.end()
      return Number(rows[0]!.size) / 1e6
    },
  }
}

interface Observed extends Measured {
  readonly generatedMs: number
  readonly diskMb: number
}

function describe({ engine }: ScaleOptions, size: Size, observed: Observed): Finding {
  const count = (rows: number) => rows.toLocaleString('en-GB')
  const slow = observed.costs.filter(cost => cost.p95Ms > listLimitMs).map(cost => cost.name)
  const single = (name: string, figure: number) => [name, showFigure(figure), '', '']
  return {
    title: `An installation of ${count(size.users)} users on ${engine}`,
    method: `${count(size.roles)} roles, ${count(size.resources)} resources with 7 actions, ${count(size.sessions)} sessions, ${count(size.auditEvents)} audit events, made in ${showFigure(observed.generatedMs / 1000)} s. Rates with 16 connections, everything else one call at a time, with what one costs the processor of our server; a page has 50 rows; the middle is at most 100 pages of 200 rows away from the beginning.`,
    headings: ['', 'median', '95th percentile', 'of the processor'],
    rows: [
      single('on the disk, MB', observed.diskMb),
      single('start to ready, ms', observed.readyMs),
      single('memory after the start, MB', observed.memoryMb),
      single('memory at the end, MB', observed.busyMemoryMb),
      ...Object.entries(observed.rates).map(([name, rate]) => single(`${name}, /s`, rate)),
      ...observed.costs.map(({ name, medianMs, p95Ms, processorMs }) => [
        `${name}, ms`,
        showFigure(medianMs),
        showFigure(p95Ms),
        processorMs === undefined ? '' : showFigure(processorMs),
      ]),
    ],
    targets: [
      slow.length === 0
        ? `Every list, search and question stays under ${listLimitMs} ms at the 95th percentile.`
        : `Over ${listLimitMs} ms at the 95th percentile: ${slow.join('; ')}.`,
    ],
  }
}
