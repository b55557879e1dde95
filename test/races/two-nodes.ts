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
