import { randomBytes } from 'node:crypto'
import { type PostgresCluster, startPostgres } from './postgres-cluster.ts'
import { withClient } from './with-client.ts'

export const postgresVariable = 'PROPUSK_TEST_POSTGRES_URL'
/** Set beside it by the global set-up: the server was started for this run only. */
export const disposableVariable = 'PROPUSK_TEST_POSTGRES_DISPOSABLE'

let own: Promise<PostgresCluster> | undefined

/**
 * The PostgreSQL of this run: the one that the global set-up started or that the environment names. A test file that
 * is run by itself, without the global set-up, starts one of its own.
 */
export async function postgresUrl(): Promise<string> {
  const given = process.env[postgresVariable]
  if (given) return given
  own ??= startPostgres()
  return (await own).url
}

export const isDisposable = (): boolean => own !== undefined || process.env[disposableVariable] === 'yes'

/** Stops what `postgresUrl` started, if anything. */
export async function stopOwnPostgres(): Promise<void> {
  await (await own)?.stop()
}

/** The URL of a new schema of this server, which the caller takes away. */
export async function freshSchemaOn(server: string): Promise<string> {
  const schema = `test_${randomBytes(8).toString('hex')}`
  await withClient(server, client => client.query(`create schema ${schema}`))
  const url = new URL(server)
  url.searchParams.set('options', `-c search_path=${schema}`)
  return url.href
}
