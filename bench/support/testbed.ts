import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A place for the files and the servers of one bench: what was started is stopped, what was made is removed. */
export interface Testbed {
  /** A new directory of this name. */
  directory(name: string): string
  /** Stops it with the rest, the last one first. */
  keep<Started extends { stop(): Promise<void> }>(started: Started): Started
}

export async function onTestbed<Result>(work: (testbed: Testbed) => Promise<Result>): Promise<Result> {
  const root = mkdtempSync(join(tmpdir(), 'propusk-bench-'))
  const started: { stop(): Promise<void> }[] = []
  const testbed: Testbed = {
    directory(name) {
      const path = join(root, name)
      mkdirSync(path)
      return path
    },
    keep(one) {
      started.push(one)
      return one
    },
  }
  try {
    return await work(testbed)
  } finally {
    for (const one of started.reverse()) await one.stop()
    rmSync(root, { recursive: true, force: true })
  }
}
