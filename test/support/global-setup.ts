import { buildConsole } from './build-console.ts'
import { type PostgresCluster, startPostgres } from './postgres-cluster.ts'
import { disposableVariable, postgresVariable } from './postgres-url.ts'

let cluster: PostgresCluster | undefined

/** What is asked to run, when the pages of the console are among it. */
const testsOfPages = /^test\/(?:\*\*|console)\//

/**
 * One PostgreSQL for the whole run, unless the environment names another: the test processes inherit its address. And
 * the pages of the console, as their sources are now.
 */
export async function globalSetup(): Promise<void> {
  if (process.argv.some(argument => testsOfPages.test(argument))) await buildConsole()
  if (process.env[postgresVariable]) return
  cluster = await startPostgres()
  process.env[postgresVariable] = cluster.url
  process.env[disposableVariable] = 'yes'
}

export async function globalTeardown(): Promise<void> {
  await cluster?.stop()
}
