import { existsSync, linkSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { giveToOwnerOf, settleNames, sideSuffixes, writeSecret } from './new-file.ts'
import type { SqlitePlace } from './sqlite-place.ts'

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
