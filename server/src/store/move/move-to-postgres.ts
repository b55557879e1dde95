import { createHash } from 'node:crypto'
import { openDatabase } from '../open-database.ts'
import { MoveTarget, messageOf, type TargetColumn } from '../postgres/move-target.ts'
import { MoveSource, type SourceTable } from '../sqlite/move-source.ts'
import type { MovedCounts, MoveOptions, MoveWatcher } from './move-database.ts'
import {
  addToChecksum,
  type ColumnType,
  type MovedRow,
  type MovedTable,
  nameOfRow,
  toMovedRow,
} from './moved-table.ts'

/** Large enough that a journey to the server costs little beside its rows, small enough for any memory. */
const pageRows = 2_000

const movedTypes: readonly string[] = ['bigint', 'text', 'boolean'] satisfies ColumnType[]

/** The work behind `moveToPostgres`, whose promise it keeps. */
export async function moveBetween({ from, to, watcher }: MoveOptions): Promise<readonly MovedCounts[]> {
  const source = new MoveSource(from)
  try {
    const fault = source.findDamage()
    if (fault !== undefined) throw new Error(`The database ${from} is damaged: ${fault}. Nothing was moved.`)
    const names = source.tables().map(table => table.name)
    const target = await MoveTarget.connect(to)
    try {
      // Before the migrations, too: an operator who named the wrong database finds it unchanged.
      await target.refuseOccupied(names)
      await bringToSchemaOf(source, to)
      await target.begin(names)
      await target.refuseOccupied(names)
      return await moveAll(source, target, watcher)
    } finally {
      await target.close()
    }
  } finally {
    source.close()
  }
}

/** INVARIANT: both sides have the same migrations, so that a row means the same on both. */
async function bringToSchemaOf(source: MoveSource, url: string): Promise<void> {
  const target = await openDatabase(url)
  try {
    await target.migrate()
    const { applied } = await target.migrationState()
    const present = source.migrations()
    if (applied.toSorted().join() === present.join()) return
    throw new Error(
      `The two databases have different migrations: ${present.join(', ')} here, ${applied.join(', ')} in the target. Run the command migrate first.`,
    )
  } finally {
    await target.close()
  }
}

async function moveAll(source: MoveSource, target: MoveTarget, watcher: MoveWatcher): Promise<MovedCounts[]> {
  const tables = agreeOnTables(source.tables(), await target.columns())
  const counts = new Map(tables.map(({ name }) => [name, source.count(name)]))
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)

  await target.removeSeeds(tables)
  watcher.begins('copy', total)
  for (const table of tables) await copyTable(source, target, table, watcher)
  for (const { name, identity } of tables) {
    if (identity !== undefined) await target.countOnFrom(name, identity, source.highestId(name))
  }

  watcher.begins('check', total)
  const moved: MovedCounts[] = []
  for (const table of tables) moved.push(await compareTable(source, target, table, watcher))
  await target.analyse(tables.map(table => table.name))
  await target.commit()
  return moved
}

/** What stands on both sides, column by column. Equal migrations make it equal; a table changed by hand does not pass. */
function agreeOnTables(tables: readonly SourceTable[], found: readonly TargetColumn[]): MovedTable[] {
  return tables.map(({ name, columns, key }) => {
    const own = found.filter(column => column.table === name)
    const types = new Map(own.map(column => [column.name, column.type]))
    const differs =
      own.length !== columns.length || columns.some(column => !movedTypes.includes(types.get(column) ?? ''))
    if (differs) throw new Error(`The table ${name} has other columns in the target. Name an empty database.`)
    return {
      name,
      key,
      columns: columns.map(column => ({ name: column, type: types.get(column) as ColumnType })),
      identity: own.find(column => column.isIdentity)?.name,
    }
  })
}

async function copyTable(
  source: MoveSource,
  target: MoveTarget,
  table: MovedTable,
  watcher: MoveWatcher,
): Promise<void> {
  let writing: Promise<void> = Promise.resolve()
  let rows = 0
  for (const page of source.pages(table, pageRows)) {
    const moved = page.map(row => toMovedRow(table, row))
    // One page is read while the one before is written.
    await writing
    writing = insertPage(target, table, moved)
    // Awaited with the next page; until then its failure is not lost, only not yet reported.
    writing.catch(() => {})
    rows += page.length
    watcher.advances(table.name, page.length)
  }
  await writing
  watcher.finishes('copy', table.name, rows)
}

async function insertPage(target: MoveTarget, table: MovedTable, rows: readonly MovedRow[]): Promise<void> {
  try {
    await target.insert(table, rows)
  } catch (error) {
    const range = `${nameOfRow(table, rows[0]!)} to ${nameOfRow(table, rows.at(-1)!)}`
    throw new Error(`The target did not take the rows ${range}: ${messageOf(error)}. Nothing was moved.`)
  }
}

interface Digest {
  readonly rows: number
  readonly checksum: string
}

/** Reads both sides anew: what was sent proves nothing about what is stored. */
async function compareTable(
  source: MoveSource,
  target: MoveTarget,
  table: MovedTable,
  watcher: MoveWatcher,
): Promise<MovedCounts> {
  const there = await digest(target.pages(table, pageRows), rows => watcher.advances(table.name, rows))
  const here = await digest(movedPages(source, table))
  if (there.rows !== here.rows || there.checksum !== here.checksum) {
    throw new Error(
      `${table.name} differs after the copy: ${here.rows} rows here, ${there.rows} in the target, checksums ${here.checksum} and ${there.checksum}. Nothing was moved.`,
    )
  }
  watcher.finishes('check', table.name, here.rows)
  return { table: table.name, ...here }
}

function* movedPages(source: MoveSource, table: MovedTable): Generator<MovedRow[]> {
  for (const page of source.pages(table, pageRows)) yield page.map(row => toMovedRow(table, row))
}

async function digest(
  pages: Iterable<MovedRow[]> | AsyncIterable<MovedRow[]>,
  advances: (rows: number) => void = () => {},
): Promise<Digest> {
  const checksum = createHash('sha256')
  let rows = 0
  for await (const page of pages) {
    addToChecksum(checksum, page)
    rows += page.length
    advances(page.length)
  }
  return { rows, checksum: checksum.digest('hex') }
}
