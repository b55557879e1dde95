import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { BenchRecord } from '../../bench/support/record.ts'
import { build } from '../support/build.ts'
import { engines } from '../support/engines.ts'
import { postgresUrl, postgresVariable } from '../support/postgres-url.ts'

await build('console', 'server')

const runFile = fileURLToPath(new URL('../../bench/run.ts', import.meta.url))

/** Every row that a whole run gives: a figure that goes missing would go missing from docs/performance.md. */
const keys = [
  ...['check.http', 'me.http', 'me.http.cookie'],
  ...['gate.known', 'gate.known.arrived', 'gate.first', 'gate.decision', 'gate.decision.casbin'],
  ...['gate.check.known', 'gate.check.casbin', 'gate.check.principal', 'gate.check.first'],
  ...[
    'login',
    'refresh.sqlite',
    'refresh.sqlite.shared',
    'refresh.postgres',
    'refresh.postgres.one_statement',
  ],
  ...['ended.same_node', 'ended.second_node.p50', 'ended.second_node.p99'],
  'ended.second_node.after_answer.p99',
  ...['flood.check.p99', 'flood.me.p99'],
  ...['start.ready', 'memory.idle', 'memory.load', 'install'],
]

const directory = mkdtempSync(join(tmpdir(), 'propusk-smoke-'))
after(() => rmSync(directory, { recursive: true, force: true }))

async function smoke(url: string, ...names: readonly string[]) {
  const file = join(directory, `${names.join('-')}.json`)
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [runFile, ...names, '--smoke', '--json', file],
    { env: { ...process.env, [postgresVariable]: url } },
  )
  const { rows } = JSON.parse(readFileSync(file, 'utf8')) as BenchRecord
  return { rows, printed: stdout }
}

describe('the benches', async () => {
  const url = await postgresUrl()

  it('run, beside their ceilings and their peers, and give every row', async () => {
    // Two at a time: most of it is servers that start.
    const runs = await Promise.all([
      smoke(url, 'check', 'gate', 'login', 'ended', 'flood'),
      smoke(url, 'refresh', 'start'),
    ])
    const rows = runs.flatMap(run => run.rows)
    const printed = runs.map(run => run.printed).join('')
    assert.deepEqual(rows.map(row => row.key).sort(), keys.toSorted())
    for (const { key, what, ours, ceiling, peer, targets } of rows) {
      for (const figure of [ours.median, ceiling?.ratio, peer?.ratio]) {
        assert.ok(
          figure === undefined || (Number.isFinite(figure) && figure > 0) || key.includes('after_answer'),
          key,
        )
      }
      assert.ok(
        ceiling !== undefined || peer !== undefined || targets.length > 0,
        `${key} stands beside nothing`,
      )
      assert.ok(printed.includes(what.en), `${what.en} was not printed`)
    }
  })

  for (const engine of engines) {
    it(`the benches fill a database on ${engine} and measure the server on it`, async () => {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [runFile, 'scale', '--users', '100', '--engine', engine, '--smoke'],
        { env: { ...process.env, [postgresVariable]: url } },
      )
      for (const row of ['on the disk', 'access check', 'users by id, last page', 'explain', 'who_can']) {
        assert.ok(stdout.includes(row), `${row} was not printed`)
      }
    })
  }
})
