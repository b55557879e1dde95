import { existsSync, mkdirSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type Config, loadConfig } from '../../config/index.ts'
import { openCore } from '../../core.ts'
import { systemClock, systemRandom, toRfc3339 } from '../../kernel/index.ts'
import { readMasterKey } from '../../keys/index.ts'
import {
  copyDatabase,
  type HeldDatabase,
  holdDatabase,
  raiseSequences,
  settleCopy,
} from '../../store/index.ts'
import {
  type CommandContext,
  CommandFailure,
  type CommandLine,
  type CommandOf,
  exitCode,
  printLine,
} from '../index.ts'
import {
  giveToOwnerOf,
  removeDraft,
  type SqlitePlace,
  sqlitePlace,
  swapDatabase,
  writeSecret,
} from '../sqlite-files.ts'
import { checkCopy } from '../with-core.ts'

/** Puts a backup in the place of the database, which it keeps beside. Until the last step the old one is untouched. */
export async function restore(
  { env, terminal, commandLine }: CommandContext,
  { file }: CommandOf<'restore'>,
): Promise<number> {
  const config = loadConfig(env)
  const place = sqlitePlace(config)
  const backup = findBackup(file, place)
  mkdirSync(dirname(place.database), { recursive: true, mode: 0o700 })
  const draft = `${place.database}.draft-${Buffer.from(systemRandom.bytes(6)).toString('hex')}`
  const present = holdPresent(place.database)
  try {
    const { pending } = await writeDraft(config, place, backup, draft, present)
    const kept = swapDatabase(draft, place, nameOfKept(place.database))
    const print = (line: string) => printLine(terminal.output, line)
    print(`restored ${place.database} from ${backup}`)
    for (const path of kept) print(`kept what was there: ${path}`)
    if (pending.length > 0) print(`the next start will apply ${pending.join(', ')}`)
    print(whatComesNext(commandLine))
    if (present?.state === 'unreadable') printLine(terminal.errors, notLocked(place.database, present.why))
  } finally {
    if (present?.state === 'held') present.release()
    removeDraft(draft)
  }
  return exitCode.done
}

function findBackup(file: string, { database }: SqlitePlace): string {
  const path = resolve(file)
  if (!existsSync(path)) throw new CommandFailure(`There is no file ${path} to restore from.`)
  if (realpathSync(path) === database) {
    throw new CommandFailure(`${path} is the database itself. Name the file that backup wrote.`)
  }
  return realpathSync(path)
}

function holdPresent(database: string): HeldDatabase | undefined {
  if (!existsSync(database)) return undefined
  const present = holdDatabase(database)
  if (present.state !== 'in use') return present
  throw new CommandFailure(
    `Another process has ${database} open. Stop every server and every other command that uses it, then restore again; nothing was changed.`,
  )
}

/** Brings the backup beside the database, whole and checked, so that all that can fail has failed before the swap. */
async function writeDraft(
  config: Config,
  { database, keyFile }: SqlitePlace,
  backup: string,
  draft: string,
  present: HeldDatabase | undefined,
) {
  const { masterKey } = config
  const ownKey = `${backup}.key`
  // Kept apart from its backup the key may still be where the server looks for it; else the message names the backup's.
  const keyOfCopy = !existsSync(ownKey) && existsSync(keyFile) ? keyFile : ownKey
  await copyDatabase(backup, draft)
  const checked = await checkCopy(config, draft, () =>
    readMasterKey({ masterKey, keyFile: keyOfCopy, isFirst: false }, systemRandom),
  )
  if (present?.state === 'held') raiseSequences(draft, present.sequences)
  await recordRestore(config, draft)
  settleCopy(draft)
  if (masterKey === undefined && existsSync(ownKey)) writeSecret(`${draft}.key`, readFileSync(ownKey))
  for (const path of [draft, `${draft}.key`]) {
    if (present !== undefined && existsSync(path)) giveToOwnerOf(database, path)
  }
  return checked
}

/** The audit itself says that it is an older one from here on: what had happened since the backup is not in it. */
async function recordRestore(config: Config, draft: string): Promise<void> {
  const core = await openCore({ ...config, databaseUrl: `sqlite:${draft}` })
  try {
    const event = { actorId: null, action: 'database.restore', target: null, origin: null } as const
    await core.transaction(({ audit }) => audit.append(event, core.clock.nowMs()))
  } finally {
    await core.close()
  }
}

const nameOfKept = (database: string): string =>
  `${database}.before-restore-${toRfc3339(systemClock.nowMs()).replaceAll(':', '-')}`

const whatComesNext = (
  commandLine: CommandLine,
) => `Next: ${commandLine('doctor')}, then ${commandLine('serve')}.
The database is older now: sessions that have ended since are alive again in it, accounts that were closed since are
open, and old passwords are good again. Close those accounts again, and log everybody out before the start: see «All
signing keys must go» in docs/operations.md. A keys rotate does not do it: tokens signed before stay good.`

const notLocked = (database: string, why: string): string =>
  `Warning: what was in ${database} could not be read (${why}), so it could not be seen whether a server has it open. If one runs, restart it now.`
