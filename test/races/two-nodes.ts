import type { EngineName } from '../support/engines.ts'
import { unthrottled } from '../support/throttle.ts'
import { testWorld, type World } from '../support/world.ts'

/** Two servers on one database, in one process and with one clock. */
export async function twoNodes(engine: EngineName): Promise<readonly [World, World]> {
  const one = await testWorld({ engine, env: unthrottled })
  const { databaseUrl } = one.core.config
  const two = await testWorld({ engine, env: unthrottled, databaseUrl, clock: one.clock })
  return [one, two]
}

/** Asks until the answer is the one that is waited for. Every node hears within a second; the rest is for a busy machine. */
export async function heard(ask: () => Promise<boolean>, withinMs = 3_000): Promise<boolean> {
  const deadline = performance.now() + withinMs
  while (performance.now() < deadline) {
    if (await ask()) return true
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  return await ask()
}
