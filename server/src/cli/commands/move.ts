import { existsSync } from 'node:fs'
import { type Config, databaseFile, databaseUrl, loadConfig } from '../../config/index.ts'
import { systemClock, systemRandom, type TimeSource } from '../../kernel/index.ts'
import { readMasterKey } from '../../keys/index.ts'
import { type MovedCounts, type MoveStep, type MoveWatcher, moveToPostgres } from '../../store/index.ts'
import {
  type CommandContext,
  CommandFailure,
  type CommandLine,
  type CommandOf,
  exitCode,
  formatTable,
  printWrongUsage,
} from '../index.ts'
import { type SqlitePlace, sqlitePlace } from '../sqlite-files.ts'
import { printLine, type Terminal } from '../terminal.ts'
import { checkCopy } from '../with-core.ts'

/** So that a password need not stand on the command line. */
const variable = 'PROPUSK_MOVE_TO'

/** Copies the SQLite database of the settings into an empty PostgreSQL one, which holds all of it afterwards, or nothing. */
export async function move(context: CommandContext, command: CommandOf<'move'>): Promise<number> {
  const { env, terminal, commandLine } = context
  const to = command.to ?? env[variable] ?? ''
  const fault = faultOf(to)
  if (fault !== undefined) return printWrongUsage(context, `move: ${fault}`, 'move')
  const config = loadConfig(env)
  const place = findSource(config)
  await checkSource(config, place, commandLine)

  const beganAtMs = systemClock.monotonicMs()
  const moved = await moveShowing(terminal.output, place, to)
  const seconds = ((systemClock.monotonicMs() - beganAtMs) / 1_000).toFixed(1)
  const rows = moved.reduce((sum, table) => sum + table.rows, 0)
  printLine(terminal.output, `moved ${inGroups(rows)} rows of ${moved.length} tables in ${seconds} s`)
  printLine(terminal.output, whatComesNext(config, place, commandLine))
  return exitCode.done
}

/** INVARIANT: no fault quotes the URL, which may hold a password. */
function faultOf(to: string): string | undefined {
  if (to === '') return `the target is missing: --to URL, or ${variable} in the environment`
  if (to.startsWith('sqlite:'))
    return 'the target must be PostgreSQL: postgres://user:password@host:port/name'
  const parsed = databaseUrl.parse(to)
  return 'fault' in parsed ? `the URL of the target is wrong: ${parsed.fault}` : undefined
}

function findSource(config: Config): SqlitePlace {
  if (databaseFile(config.databaseUrl) === undefined) {
    throw new CommandFailure(
      'move copies a SQLite file, and PROPUSK_DATABASE_URL names none. Set it to the database that is to be moved, such as sqlite:./data/propusk.db; PostgreSQL is moved with pg_dump and pg_restore.',
    )
  }
  const place = sqlitePlace(config)
  if (existsSync(place.database)) return place
  throw new CommandFailure(`There is no database ${place.database} to move.`)
}

/** What a server on the target could not start with is refused before anything is copied. */
async function checkSource(
  config: Config,
  { database, keyFile }: SqlitePlace,
  commandLine: CommandLine,
): Promise<void> {
  const { masterKey } = config
  const { pending } = await checkCopy(config, database, () =>
    readMasterKey({ masterKey, keyFile, isFirst: false }, systemRandom),
  )
  if (pending.length === 0) return
  throw new CommandFailure(
    `${database} has an older schema (${pending.join(', ')} are missing). Take a backup, run ${commandLine('migrate')}, then move.`,
  )
}

async function moveShowing(
  output: CommandContext['terminal']['output'],
  place: SqlitePlace,
  to: string,
): Promise<readonly MovedCounts[]> {
  const endBar = () => output.isTTY === true && output.write('\n')
  try {
    const moved = await moveToPostgres({ from: place.database, to, watcher: moveProgress(output) })
    endBar()
    const lines = moved.map(({ table, rows, checksum }) => [
      table,
      inGroups(rows),
      'same',
      checksum.slice(0, 16),
    ])
    output.write(formatTable(['TABLE', 'ROWS', 'BOTH SIDES', 'SHA-256'], lines, output.columns))
    return moved
  } catch (error) {
    endBar()
    throw error
  }
}

function whatComesNext(
  { masterKey }: Config,
  { database, keyFile }: SqlitePlace,
  commandLine: CommandLine,
): string {
  const key =
    masterKey !== undefined
      ? 'Keep PROPUSK_MASTER_KEY as it is set now.'
      : existsSync(keyFile)
        ? `Set PROPUSK_MASTER_KEY to the content of ${keyFile}.`
        : 'Set PROPUSK_MASTER_KEY to a new key: openssl rand -base64 32.'
  return `Next:
1. Set PROPUSK_DATABASE_URL to the URL of the target.
2. ${key}
3. Keep every other setting, PROPUSK_PUBLIC_URL above all: then everybody stays signed in.
4. Run ${commandLine('doctor')}, then ${commandLine('serve')}.
Do not start the old server on ${database} again: what ends on one side would live on in the other.
Keep that file and its key as you keep a backup, and remove them once you are sure; they are as secret as before.`
}

const barColumns = 24
/** Often enough for the eye. */
const redrawMs = 100
/** A rate over less says nothing. */
const leastElapsedMs = 500

const doing = { copy: 'copying', check: 'checking' } as const satisfies Record<MoveStep, string>
const done = { copy: 'copied', check: 'compared' } as const satisfies Record<MoveStep, string>

type Interval = Pick<TimeSource, 'monotonicMs'>

/** How far one step is. */
interface Progress {
  readonly step: MoveStep
  readonly totalRows: number
  readonly rows: number
  readonly table: string
  readonly elapsedMs: number
}

/** A bar that is drawn over itself on a terminal, and elsewhere a line for each table that is done. */
export function moveProgress(output: Terminal['output'], clock: Interval = systemClock): MoveWatcher {
  return output.isTTY === true ? drawing(output, clock) : listing(output)
}

function listing(output: Terminal['output']): MoveWatcher {
  return {
    begins: (step, totalRows) => printLine(output, `${doing[step]} ${inGroups(totalRows)} rows`),
    advances() {},
    finishes: (step, table, rows) => printLine(output, `${done[step]} ${table}: ${inGroups(rows)} rows`),
  }
}

function drawing(output: Terminal['output'], clock: Interval): MoveWatcher {
  let step: MoveStep = 'copy'
  let totalRows = 0
  let rows = 0
  let beganAtMs = 0
  let drawnAtMs = 0
  const draw = (table: string) => {
    drawnAtMs = clock.monotonicMs()
    const line = progressLine({ step, totalRows, rows, table, elapsedMs: drawnAtMs - beganAtMs })
    // To the line's start, and after the text away with what an earlier, longer one has left.
    output.write(`\r${line.slice(0, (output.columns ?? 80) - 1)}\u001b[K`)
  }
  return {
    begins(nextStep, total) {
      step = nextStep
      totalRows = total
      rows = 0
      beganAtMs = clock.monotonicMs()
      draw('')
    },
    advances(table, more) {
      rows += more
      if (clock.monotonicMs() - drawnAtMs >= redrawMs) draw(table)
    },
    finishes(_, table) {
      if (rows < totalRows) return
      draw(table)
    },
  }
}

/** `copying  [#####-----]  50%  1,000 of 2,000 rows  500 rows/s  2 s left  users` */
export function progressLine({ step, totalRows, rows, table, elapsedMs }: Progress): string {
  const share = totalRows === 0 ? 1 : Math.min(1, rows / totalRows)
  const filled = Math.round(share * barColumns)
  const bar = `[${'#'.repeat(filled)}${'-'.repeat(barColumns - filled)}]`
  const parts = [
    doing[step],
    bar,
    `${Math.floor(share * 100)}%`,
    `${inGroups(rows)} of ${inGroups(totalRows)} rows`,
  ]
  if (elapsedMs >= leastElapsedMs && rows > 0) {
    const rowsPerSecond = (rows * 1_000) / elapsedMs
    parts.push(`${inGroups(Math.round(rowsPerSecond))} rows/s`)
    parts.push(`${Math.ceil((totalRows - rows) / rowsPerSecond)} s left`)
  }
  return [...parts, table].join('  ').trimEnd()
}

export const inGroups = (count: number): string => count.toLocaleString('en')
