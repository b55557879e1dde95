import { readdirSync, readFileSync } from 'node:fs'
import { getPriority, setPriority } from 'node:os'

/**
 * How far the threads that hash step back behind the rest of the process, as a nice value: the event loop then gets a
 * core soon, also while a hash keeps each of them busy. Measured in docs/performance.md.
 */
const steps = 10
const mostNice = 19

const threadsOfThisProcess = '/proc/self/task'

/** What libuv calls the threads of its pool, all of which are there from the first work on. */
const poolThreadName = 'libuv-worker'

/**
 * Lets the threads of libuv's pool, which hash, step back behind the event loop. Linux alone gives a thread a priority
 * of its own; elsewhere, and where the system forbids it, this does nothing. Files and name resolution share the pool:
 * they hardly compute, and so hardly feel it.
 */
export function lowerThreadPoolPriority(): void {
  const nice = Math.min(getPriority() + steps, mostNice)
  for (const thread of poolThreads()) {
    try {
      setPriority(thread, nice)
    } catch {
      // It has ended, or a sandbox forbids the call: then all is as it was.
    }
  }
}

function poolThreads(): number[] {
  try {
    return readdirSync(threadsOfThisProcess)
      .filter(
        thread => readFileSync(`${threadsOfThisProcess}/${thread}/comm`, 'utf8').trim() === poolThreadName,
      )
      .map(Number)
  } catch {
    return []
  }
}
