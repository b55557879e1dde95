import {
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { CommandFailure } from './command-failure.ts'

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
