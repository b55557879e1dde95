import { fileURLToPath } from 'node:url'
import { type PostgresCluster, startPostgres } from './postgres-cluster.ts'
import { disposableVariable, postgresVariable } from './postgres-url.ts'
import { writeTemplates } from './templates.ts'

let cluster: PostgresCluster | undefined
let removeTemplates: (() => void) | undefined

/**
 * One PostgreSQL for the whole run, unless the environment names another, one migrated database of each engine to copy, and
 * one cache of compiled modules: loading the server takes half the time with it. The test processes inherit all three.
 */
export async function globalSetup(): Promise<void> {
  process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../../node_modules/.cache/node', import.meta.url))
  if (!process.env[postgresVariable]) {
    cluster = await startPostgres()
    process.env[postgresVariable] = cluster.url
    process.env[disposableVariable] = 'yes'
  }
  removeTemplates = await writeTemplates(process.env[postgresVariable]!)
}

export async function globalTeardown(): Promise<void> {
  removeTemplates?.()
  await cluster?.stop()
}
