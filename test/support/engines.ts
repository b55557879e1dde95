import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe } from 'node:test'
import { type Database, type Engine, type OpenOptions, openDatabase } from '../../server/src/store/index.ts'
import { freshSchemaOn, isDisposable, postgresUrl, stopOwnPostgres } from './postgres-url.ts'
import { applyTemplate } from './templates.ts'
import { withClient } from './with-client.ts'

export const engines = ['sqlite', 'postgres'] as const satisfies readonly Engine[]

export type EngineName = (typeof engines)[number]

/** A fresh database with every migration applied; closed when its describe block ends. */
export type Open = (options?: OpenOptions) => Promise<Database>

/** What a test needs that opens the same database twice, or one without tables. */
export interface TestDatabases {
  readonly engine: Engine
  /** The URL of a fresh and empty database. */
  place(): Promise<string>
  /** Opens a URL that `place` gave, as it is. */
  openAt(url: string, options?: OpenOptions): Promise<Database>
}

/**
 * Registers the same tests once for each engine, in a describe block `name on sqlite` and `name on postgres`. Nothing
 * is shared between two calls of `open`.
 */
export function eachEngine(name: string, register: (open: Open, databases: TestDatabases) => void): void {
  for (const engine of engines) {
    describe(`${name} on ${engine}`, () => {
      const opened: Database[] = []
      after(async () => {
        for (const database of opened) await database.close()
      })
      const place = () => freshDatabaseUrl(engine)
      const openAt = async (url: string, options?: OpenOptions) => {
        const database = await openDatabase(url, options)
        opened.push(database)
        return database
      }
      const open: Open = async options => {
        const database = await openAt(await migratedDatabaseUrl(engine), options)
        await database.migrate()
        return database
      }
      register(open, { engine, place, openAt })
    })
  }
}

const removals: (() => Promise<void>)[] = []

// At the top of a test file, where this module is loaded: runs after every test of the file.
after(async () => {
  for (const remove of removals) await remove()
  await stopOwnPostgres()
})

/** The URL of a place of its own for one database, with nothing in it. Removed when the test file is done. */
export const freshDatabaseUrl = (engine: EngineName): Promise<string> =>
  engine === 'sqlite' ? freshFile() : freshSchema()

/** The same, with every migration applied. */
export async function migratedDatabaseUrl(engine: EngineName): Promise<string> {
  const url = await freshDatabaseUrl(engine)
  await applyTemplate(url)
  return url
}

async function freshFile(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'propusk-test-'))
  removals.push(async () => rmSync(directory, { recursive: true, force: true }))
  return `sqlite:${join(directory, 'propusk.db')}`
}

/** A schema rather than a database: as separate, and cheaper to make. */
async function freshSchema(): Promise<string> {
  const server = await postgresUrl()
  const url = await freshSchemaOn(server)
  const schema = new URL(url).searchParams.get('options')!.split('=')[1]
  // A server that goes away with this run takes its schemas with it.
  if (!isDisposable()) {
    removals.push(() =>
      withClient(server, async client => void (await client.query(`drop schema ${schema} cascade`))),
    )
  }
  return url
}
