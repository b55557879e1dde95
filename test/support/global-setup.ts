import { type PostgresCluster, startPostgres } from './postgres-cluster.ts'
import { disposableVariable, postgresVariable } from './postgres-url.ts'

let cluster: PostgresCluster | undefined

/** One PostgreSQL for the whole run, unless the environment names another: the test processes inherit its address. */
export async function globalSetup(): Promise<void> {
  if (process.env[postgresVariable]) return
  cluster = await startPostgres()
  process.env[postgresVariable] = cluster.url
  process.env[disposableVariable] = 'yes'
}

export async function globalTeardown(): Promise<void> {
  await cluster?.stop()
}
