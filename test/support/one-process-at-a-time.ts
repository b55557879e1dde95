import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/**
 * Does work that two test processes must not do at once. The lock is a file with the id of its holder; that of a process
 * that was killed is taken over.
 */
export async function oneProcessAtATime<T>(name: string, work: () => Promise<T>): Promise<T> {
  const folder = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url))
  mkdirSync(folder, { recursive: true })
  const lock = `${folder}${name}.lock`
  while (!acquire(lock)) await sleep(50)
  try {
    return await work()
  } finally {
    rmSync(lock, { force: true })
  }
}

function acquire(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    if (!isHeld(lock)) rmSync(lock, { force: true })
    return false
  }
}

function isHeld(lock: string): boolean {
  try {
    process.kill(Number(readFileSync(lock, 'utf8')), 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
