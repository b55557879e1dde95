import { setTimeout as sleep } from 'node:timers/promises'

/** For what takes moments on a quiet machine: a test that waits for it waits so long on a busy one. */
export const longestWaitMs = 60_000

/** Asks until the answer is yes; false when none was within the time. */
export async function eventually(
  ask: () => boolean | Promise<boolean>,
  withinMs = longestWaitMs,
): Promise<boolean> {
  const deadline = performance.now() + withinMs
  while (performance.now() < deadline) {
    if (await ask()) return true
    await sleep(20)
  }
  return await ask()
}
