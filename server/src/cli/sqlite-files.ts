import {
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type Config, databaseFile } from '../config/index.ts'
import { CommandFailure } from './failure.ts'

/** What SQLite may leave beside a database. */
export const sideSuffixes = ['-wal', '-shm', '-journal'] as const

/** Makes a file for its owner's eyes only, and waits until the disk has it. Refuses one that exists. */
export function writeSecret(path: string, content: Uint8Array): void {
  writeFileSync(path, content, { flag: 'wx', mode: 0o600, flush: true })
}

/** Gives a finished draft its name, all at once. Never takes the place of a file that is there. */
export function giveName(draft: string, path: string): void {
  try {
    // Unlike a rename, a link never takes the place of a file that is there.
    linkSync(draft, path)
    rmSync(draft)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') throw new CommandFailure(`${path} exists by now: nothing was written over it.`)
    // A disk for backups may have no hard links.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP') throw error
    if (existsSync(path)) throw new CommandFailure(`${path} exists by now: nothing was written over it.`)
    renameSync(draft, path)
  }
}

/** Waits until the disk has the names in the directory of `path`. */
export function settleNames(path: string): void {
  const directory = openSync(dirname(path), 'r')
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}

/** Root may restore for the user whose server it is: a file that takes another's place belongs to whom that belonged. */
export function giveToOwnerOf(existing: string, path: string): void {
  const [from, to] = [statSync(existing), statSync(path)]
  if (from.uid !== to.uid || from.gid !== to.gid) chownSync(path, from.uid, from.gid)
}

/** Removes an unfinished database and whatever SQLite has put beside it. */
export function removeDraft(draft: string): void {
  for (const suffix of ['', '.key', ...sideSuffixes]) rmSync(`${draft}${suffix}`, { force: true })
}

/** Where a SQLite database and its master key are. */
export interface SqlitePlace {
  readonly database: string
  readonly keyFile: string
  /** Where the newest seal of the audit is kept. */
  readonly sealFile: string
}

/** The place that the settings name, as absolute paths. Refuses PostgreSQL, which has tools of its own, and `:memory:`. */
export function sqlitePlace({ databaseUrl }: Config): SqlitePlace {
  const file = databaseFile(databaseUrl)
  if (file !== undefined) {
    const path = resolve(file)
    // Where the name is a link, the database and its drafts are where it leads; the key is beside the name.
    return {
      database: existsSync(path) ? realpathSync(path) : path,
      keyFile: `${path}.key`,
      sealFile: `${path}.seal`,
    }
  }
  throw new CommandFailure(
    databaseUrl.startsWith('sqlite:')
      ? 'A database in memory is gone with its server: there is nothing to back up or restore. Set PROPUSK_DATABASE_URL=sqlite:./data/propusk.db.'
      : 'PostgreSQL is backed up and restored with its own tools: pg_dump and pg_restore, or base backup and WAL. Keep PROPUSK_MASTER_KEY beside the backup: without it the signing keys cannot be opened.',
  )
}

/** A step that can be taken, and taken back while a later one fails. */
interface Step {
  take(): void
  takeBack(): void
}

/**
 * Gives the draft, and the draft's key where it has one, the names of the database and its key. What was there stays
 * under `kept`, a pair that can be restored like any backup. Gives the names of what was kept; throws with everything
 * as it was.
 *
 * INVARIANT: at no instant is the database's name without a whole database, so that a crash, or a server that starts
 * too early, never finds an empty place to fill. Two names cannot change at once: when the keys differ, a crash
 * between the last two steps leaves the old database with the new key, and the kept pair whole.
 */
export function swapDatabase(
  draft: string,
  { database, keyFile, sealFile }: SqlitePlace,
  kept: string,
): string[] {
  const keptKey = `${kept}.key`
  const newKey = `${draft}.key`
  const steps: Step[] = []
  // A log that outlived its database would be read into the new one. Where the old one was held there is none.
  for (const suffix of sideSuffixes) {
    if (existsSync(`${database}${suffix}`)) steps.push(renaming(`${database}${suffix}`, `${kept}${suffix}`))
  }
  // The audit of a backup ends earlier: the seals of the replaced database do not apply to it.
  if (existsSync(sealFile)) steps.push(renaming(sealFile, `${kept}.seal`))
  if (existsSync(keyFile)) steps.push(copyingSecret(keyFile, keptKey))
  if (existsSync(database)) steps.push(linking(database, kept))
  steps.push({ take: () => settleNames(kept), takeBack() {} })
  if (existsSync(newKey) && !holdsTheSame(newKey, keyFile)) steps.push(replacing(newKey, keyFile, keptKey))
  steps.push({ take: () => renameSync(draft, database), takeBack() {} })
  takeAll(steps)
  for (const path of [keyFile, database]) settleNames(path)
  return [kept, keptKey, `${kept}.seal`].filter(path => existsSync(path))
}

function takeAll(steps: readonly Step[]): void {
  const taken: Step[] = []
  try {
    for (const step of steps) {
      step.take()
      taken.unshift(step)
    }
  } catch (error) {
    for (const step of taken) step.takeBack()
    throw error
  }
}

const renaming = (from: string, to: string): Step => ({
  take: () => renameSync(from, to),
  takeBack: () => renameSync(to, from),
})

const linking = (from: string, to: string): Step => ({
  take: () => linkSync(from, to),
  takeBack: () => rmSync(to),
})

const copyingSecret = (from: string, to: string): Step => ({
  take() {
    writeSecret(to, readFileSync(from))
    giveToOwnerOf(from, to)
  },
  takeBack: () => rmSync(to, { force: true }),
})

/** The copy under `keptAs` is the way back; without one there was nothing. */
const replacing = (from: string, to: string, keptAs: string): Step => ({
  take: () => renameSync(from, to),
  takeBack: () => (existsSync(keptAs) ? renameSync(keptAs, to) : rmSync(to)),
})

const holdsTheSame = (path: string, other: string): boolean =>
  existsSync(other) && readFileSync(path).equals(readFileSync(other))
