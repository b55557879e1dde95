import { unpackBrowser } from './browser.ts'
import { build } from './build.ts'
import { type PostgresCluster, startPostgres } from './postgres-cluster.ts'
import { disposableVariable, postgresVariable } from './postgres-url.ts'

let cluster: PostgresCluster | undefined

/** What is asked to run, when the pages of the console, what is built of the server, or any page, are among it. */
const testsOfPages = /^test\/(?:\*\*|console)\//
const testsOfBuild = /^test\/(?:\*\*|package|commands|bench)\//
const testsInBrowser = /^test\/(?:\*\*|console|browser)\//

const isAsked = (tests: RegExp): boolean => process.argv.some(argument => tests.test(argument))

/**
 * One PostgreSQL for the whole run, unless the environment names another: the test processes inherit its address. And
 * the pages of the console, as their sources are now, and a browser, where tests need them.
 */
export async function globalSetup(): Promise<void> {
  if (isAsked(testsOfBuild)) await build('console', 'server')
  else if (isAsked(testsOfPages)) await build('console')
  if (isAsked(testsInBrowser)) await unpackBrowser()
  if (process.env[postgresVariable]) return
  cluster = await startPostgres()
  process.env[postgresVariable] = cluster.url
  process.env[disposableVariable] = 'yes'
}

export async function globalTeardown(): Promise<void> {
  await cluster?.stop()
}
