import { setImmediate } from 'node:timers/promises'
import { createRole, deleteRole, updateRole } from '../../server/src/access/roles.ts'
import { composeServer } from '../../server/src/compose.ts'
import { loadConfig } from '../../server/src/config/index.ts'
import { openCore } from '../../server/src/core.ts'
import { fillHolders } from './fill.ts'

const masterKey = Buffer.alloc(32, 7).toString('base64')
const caller = { principal: null, origin: null }
const fields = { name: 'held', codeName: 'held', description: null, permissions: ['users:read'] }

/** How long access checks wait on the node that renames and deletes a role which 100,000 people hold. */
export async function deleteHeldRole(databaseUrl: string): Promise<{
  renameMs: number
  deleteMs: number
  checkP99Ms: number
  checkMaxMs: number
}> {
  const core = await openCore(
    loadConfig({ PROPUSK_DATABASE_URL: databaseUrl, PROPUSK_MASTER_KEY: masterKey, PROPUSK_PORT: '0' }),
  )
  const server = await composeServer(core, { logStream: { write: () => {} } })
  try {
    const role = await createRole(core, caller, fields)
    await fillHolders(databaseUrl, role.id, 100_000)
    const waits: number[] = []
    const state = { isOver: false }
    const checks = (async () => {
      // A check is answered from memory in microseconds: what it waits for is its turn of the event loop.
      for (let last = performance.now(); !state.isOver; ) {
        await setImmediate()
        const now = performance.now()
        waits.push(now - last)
        last = now
      }
    })()
    const timed = async (work: Promise<unknown>) => {
      const beganAtMs = performance.now()
      await work
      return Math.round(performance.now() - beganAtMs)
    }
    const renameMs = await timed(updateRole(core, caller, role.id, { codeName: 'renamed' }))
    const deleteMs = await timed(deleteRole(core, caller, role.id))
    state.isOver = true
    await checks
    // By time, not by turns: what happens to a check that comes at any moment of it.
    return {
      renameMs,
      deleteMs,
      checkP99Ms: Math.round(waitAtTime(waits, 0.99)),
      checkMaxMs: Math.round(waits.reduce((most, wait) => Math.max(most, wait), 0)),
    }
  } finally {
    await server.close()
  }
}

/** The wait below which a request lies that comes at a random instant, in this share of cases. */
function waitAtTime(waits: readonly number[], share: number): number {
  const total = waits.reduce((sum, wait) => sum + wait, 0)
  let passed = 0
  for (const wait of waits.toSorted((a, b) => a - b)) {
    passed += wait
    if (passed >= total * share) return wait
  }
  return Number.POSITIVE_INFINITY
}
