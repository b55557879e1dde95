import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { smallDisk, smallDiskFault } from '../../support/small-disk.ts'

/** A place for a SQLite database that can run out of space, and get it back, under a process. */
export interface TestDisk {
  /** For the database. */
  readonly directory: string
  /** What to put before a command that is to see it, once it is full or while it is not. */
  through(state: 'full' | 'free'): readonly string[]
  fill(pid: number): void
  free(pid: number): void
  /** A copy of the directory that everybody sees. */
  copy(): string
  close(): Promise<void>
}

export interface TestDiskKind {
  readonly name: string
  /** What the log says of it. */
  readonly says: RegExp
  /** Whether it strikes every process, or only those that were started under it. */
  readonly isForEverybody: boolean
  /** Why it cannot be had on this machine. */
  fault(): string | undefined
  open(): Promise<TestDisk>
}

const freshDirectory = () => mkdtempSync(join(tmpdir(), 'propusk-disk-'))

/** The truest one: ENOSPC from a real file system. It needs the right to mount, which containers often lack. */
const fileSystem: TestDiskKind = {
  name: 'a file system without space',
  says: /The disk of the database is full\. Free some space/,
  isForEverybody: true,
  fault: () => smallDiskFault(),
  async open() {
    const directory = freshDirectory()
    const disk = await smallDisk(directory, { megabytes: 4 })
    const copies = freshDirectory()
    return {
      directory,
      through: () => disk.through,
      fill: () => disk.fill(),
      free: () => disk.free(),
      copy() {
        cpSync(disk.outside, copies, { recursive: true })
        return copies
      },
      async close() {
        await disk.close()
        for (const each of [directory, copies]) rmSync(each, { recursive: true, force: true })
      },
    }
  },
}

/** The one that any Linux has: no file may grow (EFBIG), as under a quota. Raised and lowered from outside, without rights. */
const sizeLimit: TestDiskKind = {
  name: 'a limit on the size of files',
  says: /The disk refuses the database\. Look at .* quotas and .*limits on the size of files/,
  isForEverybody: false,
  fault() {
    try {
      execFileSync('prlimit', ['--fsize=0:', 'true'], { stdio: 'ignore' })
      return undefined
    } catch (error) {
      return `prlimit does not work here: ${error instanceof Error ? error.message : error}`
    }
  },
  async open() {
    const directory = freshDirectory()
    const limit = (pid: number, bytes: string) =>
      void execFileSync('prlimit', [`--pid=${pid}`, `--fsize=${bytes}:`])
    return {
      directory,
      through: state => (state === 'full' ? ['prlimit', '--fsize=0:'] : []),
      fill: pid => limit(pid, '0'),
      free: pid => limit(pid, 'unlimited'),
      copy: () => directory,
      close: async () => rmSync(directory, { recursive: true, force: true }),
    }
  },
}

export const testDisks: readonly TestDiskKind[] = [fileSystem, sizeLimit]
