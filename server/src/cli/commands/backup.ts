import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type Config, loadConfig } from '../../config/index.ts'
import { systemRandom } from '../../kernel/index.ts'
import { readMasterKey } from '../../keys/index.ts'
import { copyDatabase, settleCopy } from '../../store/index.ts'
import { type CommandContext, CommandFailure, type CommandOf, exitCode, printLine } from '../index.ts'
import {
  giveName,
  removeDraft,
  type SqlitePlace,
  settleNames,
  sideSuffixes,
  sqlitePlace,
  writeSecret,
} from '../sqlite-files.ts'
import { checkCopy } from '../with-core.ts'

/** Copies the SQLite database and its master key, beside running servers. Overwrites nothing, and leaves whole files or none. */
export async function backup(
  { env, terminal }: CommandContext,
  { file }: CommandOf<'backup'>,
): Promise<number> {
  const config = loadConfig(env)
  const place = sqlitePlace(config)
  if (!existsSync(place.database)) {
    throw new CommandFailure(`There is no database ${place.database} yet: the first start makes it.`)
  }
  const target = resolve(file)
  refusePlace(target)
  const draft = `${target}.draft-${Buffer.from(systemRandom.bytes(6)).toString('hex')}`
  try {
    await writeDraft(config, place, draft)
    for (const path of nameDraft(draft, target)) {
      printLine(terminal.output, `wrote ${path} (${statSync(path).size.toLocaleString('en')} bytes)`)
    }
  } finally {
    removeDraft(draft)
  }
  printLine(terminal.output, whatToKeep(config, target))
  return exitCode.done
}

/** Refuses a name that is taken. A file that SQLite left beside an older one of this name would be taken for a part of ours. */
function refusePlace(target: string): void {
  if (!existsSync(dirname(target))) {
    throw new CommandFailure(
      `There is no directory ${dirname(target)}. Create it first, readable by you alone.`,
    )
  }
  for (const suffix of ['', '.key', ...sideSuffixes]) {
    const path = `${target}${suffix}`
    if (existsSync(path)) {
      throw new CommandFailure(
        `${path} exists already, and a backup overwrites nothing. Choose another name.`,
      )
    }
  }
}

async function writeDraft(config: Config, { database, keyFile }: SqlitePlace, draft: string): Promise<void> {
  const { masterKey } = config
  await copyDatabase(database, draft)
  // Read after the copy: what the copy holds was sealed with a key that was there before.
  await checkCopy(config, draft, () => readMasterKey({ masterKey, keyFile, isFirst: false }, systemRandom))
  settleCopy(draft)
  if (masterKey === undefined && existsSync(keyFile)) writeSecret(`${draft}.key`, readFileSync(keyFile))
}

/** The key first: where there is a backup, there is its key. */
function nameDraft(draft: string, target: string): string[] {
  const suffixes = existsSync(`${draft}.key`) ? ['.key', ''] : ['']
  for (const suffix of suffixes) giveName(`${draft}${suffix}`, `${target}${suffix}`)
  settleNames(target)
  return suffixes.map(suffix => `${target}${suffix}`).toReversed()
}

function whatToKeep({ masterKey }: Config, target: string): string {
  const key =
    masterKey !== undefined
      ? 'The master key is not in it: PROPUSK_MASTER_KEY holds it. Keep that, too, in another place.'
      : existsSync(`${target}.key`)
        ? 'The two belong together: the second is the master key, without which no one can sign in with the first.'
        : 'There is no master key yet: the first start makes it, and a backup after that holds it.'
  return `${key}\nThey are secret: anyone who has the database and the master key can sign tokens in any name. Keep them apart.`
}
