import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { startPostgres } from '../../test/support/postgres-cluster.ts'
import { postgresVariable } from '../../test/support/postgres-url.ts'
import type { Effort } from '../bench.ts'

export interface BenchPostgres {
  /** The address of a new and empty database. */
  database(): Promise<string>
  stop(): Promise<void>
}

/**
 * A PostgreSQL of this run, which waits for the disk at each commit. A smoke run, whose figures mean nothing, takes
 * the one that the environment names for tests.
 */
export async function startBenchPostgres({ smoke }: Effort): Promise<BenchPostgres> {
  const given = smoke ? process.env[postgresVariable] : undefined
  if (given) return onServer(given, async () => {})
  const cluster = await startPostgres({ durable: true })
  return onServer(cluster.url, () => cluster.stop())
}

function onServer(server: string, stopServer: () => Promise<void>): BenchPostgres {
  const made: string[] = []
  return {
    async database() {
      const name = `bench_${randomBytes(6).toString('hex')}`
      await administrate(server, `create database ${name}`)
      made.push(name)
      const url = new URL(server)
      url.pathname = `/${name}`
      return url.href
    },
    async stop() {
      for (const name of made) await administrate(server, `drop database ${name} with (force)`)
      await stopServer()
    },
  }
}

async function administrate(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
