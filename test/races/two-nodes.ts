import type { EngineName } from '../support/engines.ts'
import { unthrottled } from '../support/throttle.ts'
import { testWorld, type World } from '../support/world.ts'

/** Two servers on one database, in one process and with one clock. */
export async function twoNodes(
  engine: EngineName,
  settings: Readonly<Record<string, string>> = {},
): Promise<readonly [World, World]> {
  const env = { ...unthrottled, ...settings }
  const one = await testWorld({ engine, env })
  const { databaseUrl } = one.core.config
  const two = await testWorld({ engine, env, databaseUrl, clock: one.clock })
  return [one, two]
}
