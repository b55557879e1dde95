import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { openDatabase } from '../../server/src/store/index.ts'
import { freshSchemaOn } from './postgres-url.ts'
import { withClient } from './with-client.ts'

/** Names the directory of the templates; set by the global setup. */
const templatesVariable = 'PROPUSK_TEST_TEMPLATES'

const sqliteTemplate = 'migrated.db'
const postgresTemplate = 'migrated.sql'

/**
 * Applies every migration once for the whole run and keeps the result: a SQLite file to copy, and the statements that
 * PostgreSQL was sent, to repeat in one round trip. Returns what removes them.
 */
export async function writeTemplates(postgresUrl: string): Promise<() => void> {
  const directory = mkdtempSync(join(tmpdir(), 'propusk-templates-'))
  await migrate(`sqlite:${join(directory, sqliteTemplate)}`)
  const url = await freshSchemaOn(postgresUrl)
  const statements = await recordingWrites(() => migrate(url))
  writeFileSync(join(directory, postgresTemplate), statements.join(';\n'))
  const schema = /search_path=(\w+)/.exec(decodeURIComponent(url))![1]
  await withClient(postgresUrl, client => client.query(`drop schema ${schema} cascade`))
  process.env[templatesVariable] = directory
  return () => rmSync(directory, { recursive: true, force: true })
}

/**
 * Brings an empty database to where `migrate` would, in a fraction of the time. Does nothing in a process without the
 * global setup: there `migrate` does it.
 */
export async function applyTemplate(url: string): Promise<void> {
  const directory = process.env[templatesVariable]
  if (directory === undefined) return
  if (url.startsWith('sqlite:')) {
    copyFileSync(join(directory, sqliteTemplate), url.slice('sqlite:'.length))
  } else {
    const statements = readFileSync(join(directory, postgresTemplate), 'utf8')
    await withClient(url, client => client.query(statements))
  }
}

async function migrate(url: string): Promise<void> {
  const database = await openDatabase(url)
  await database.migrate()
  await database.close()
}

/** Every statement but queries, locks and the limits of transactions; its parameters are written into it. */
async function recordingWrites(work: () => Promise<void>): Promise<string[]> {
  const statements: string[] = []
  const { query } = pg.Client.prototype
  pg.Client.prototype.query = function (this: pg.Client, ...args: readonly unknown[]) {
    const [text, values] = statementOf(args)
    if (/^\s*(?:create|alter|drop|insert|update|delete)\b/i.test(text)) statements.push(inlined(text, values))
    return Reflect.apply(query, this, args)
  } as typeof query
  try {
    await work()
  } finally {
    pg.Client.prototype.query = query
  }
  return statements
}

function statementOf([query, values]: readonly unknown[]): [string, readonly unknown[]] {
  if (typeof query === 'string') return [query, (values as unknown[]) ?? []]
  const config = query as pg.QueryConfig
  return [config.text, config.values ?? []]
}

const inlined = (text: string, values: readonly unknown[]): string =>
  values.length === 0
    ? text
    : text.replace(/\$(\d+)/g, (_, position) => literal(values[Number(position) - 1]))

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  return typeof value === 'string' ? pg.escapeLiteral(value) : String(value)
}
