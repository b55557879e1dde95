import { setTimeout } from 'node:timers/promises'

/**
 * The files of the house, which are nearly all of a start, in an order in which each step needs only those before
 * it. Frameworks stand here by name, and nothing of them is used: they are only the larger steps.
 */
const steps: readonly (() => Promise<unknown>)[] = [
  () => import('./http/index.ts'),
  () => import('kysely'),
  () => import('./store/index.ts'),
  () => import('./identity/index.ts'),
]

/** To be let in, to be heard and to be answered takes a client on this machine a few milliseconds. */
const turn = () => setTimeout(5)

/** Loads the house. Loading holds the event loop, so it turns between the steps: who asks meanwhile is answered. */
export async function loadHouse() {
  for (const load of steps) {
    await load()
    await turn()
  }
  const { openCore } = await import('./core.ts')
  await turn()
  const { composeServer } = await import('./compose.ts')
  await turn()
  return { openCore, composeServer }
}
