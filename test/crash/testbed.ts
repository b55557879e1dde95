import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { Engine } from '../../server/src/store/index.ts'
import { type PostgresCluster, startPostgres } from '../support/postgres-cluster.ts'
import { unthrottled } from '../support/throttle.ts'

/** A directory to run in, a database of its own that is empty at first, and the settings that name it. */
export interface Place {
  readonly directory: string
  readonly databaseUrl: string
  readonly settings: Readonly<Record<string, string>>
}

/** An engine, and the ways in which its own processes can die. */
export interface Testbed {
  readonly engine: Engine
  place(): Promise<Place>
  /** Kills the engine's processes, all at once. Absent where the engine lives in the server's process. */
  crash?(): Promise<void>
  /** Starts the engine again on the same files. */
  restart?(): Promise<void>
  /** Kills one process that serves a connection; the engine then recovers by itself. */
  killConnection?(): Promise<void>
  close(): Promise<void>
}

export async function openTestbed(engine: Engine): Promise<Testbed> {
  const home = mkdtempSync(join(tmpdir(), 'propusk-crash-'))
  const directory = () => mkdtempSync(join(home, 'place-'))
  const removeHome = () => rmSync(home, { recursive: true, force: true })
  if (engine === 'postgres')
    return postgresTestbed(await startPostgres({ durable: true }), directory, removeHome)
  return {
    engine,
    async place() {
      const own = directory()
      const databaseUrl = `sqlite:${join(own, 'propusk.db')}`
      return { directory: own, databaseUrl, settings: { PROPUSK_DATABASE_URL: databaseUrl, ...unthrottled } }
    },
    close: async () => removeHome(),
  }
}

function postgresTestbed(cluster: PostgresCluster, directory: () => string, removeHome: () => void): Testbed {
  const query = (text: string) => queryOnce(cluster.url, text)
  return {
    engine: 'postgres',
    async place() {
      const schema = `crash_${randomBytes(8).toString('hex')}`
      await query(`create schema ${schema}`)
      const url = new URL(cluster.url)
      url.searchParams.set('options', `-c search_path=${schema}`)
      const master = randomBytes(32).toString('base64')
      const settings = { PROPUSK_DATABASE_URL: url.href, PROPUSK_MASTER_KEY: master, ...unthrottled }
      return { directory: directory(), databaseUrl: url.href, settings }
    },
    crash: () => cluster.crash(),
    restart: () => cluster.restart(),
    async killConnection() {
      const rows = await query(
        `select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() order by query_start desc nulls last limit 1`,
      )
      for (const { pid } of rows) process.kill(pid, 'SIGKILL')
    },
    async close() {
      await cluster.stop()
      removeHome()
    },
  }
}

async function queryOnce(url: string, text: string): Promise<{ pid: number }[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end().catch(() => {})
  }
}
