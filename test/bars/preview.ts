import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { parsePermissionNames } from '../../server/src/access/role-permissions.ts'
import type { AccessChange } from '../../server/src/access/what-if/access-model.ts'
import { createMeasureDeps } from '../../server/src/access/what-if/measure-effect.ts'
import { previewChanges } from '../../server/src/access/what-if/preview-changes.ts'
import { composeServer } from '../../server/src/compose.ts'
import { loadConfig } from '../../server/src/config/index.ts'
import { openCore } from '../../server/src/core.ts'
import { initialFields } from '../../server/src/identity/index.ts'

/**
 * How long a preview of 400 deletions among 105,000 grants holds the event loop at the longest: run in a process of its own,
 * on an empty database. Prints one line of JSON.
 */
const [databaseUrl = '', roleCount = '210', resourceCount = '500', actionCount = '10'] = process.argv.slice(2)
const grants = 105_000
const people = 2_000
const runs = 5

const core = await openCore(
  loadConfig({
    PROPUSK_DATABASE_URL: databaseUrl,
    PROPUSK_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    PROPUSK_PORT: '0',
  }),
)
const server = await composeServer(core, { logStream: { write: () => {} } })
const numbered = (word: string, count: string) =>
  Array.from({ length: Number(count) }, (_, at) => `${word}-${at}`)
const [roles, resources, actions] = [
  numbered('role', roleCount),
  numbered('resource', resourceCount),
  numbered('action', actionCount),
]
await fill()

const changes = resources
  .slice(0, 400)
  .map((resource): AccessChange => ({ kind: 'delete_resource', resource }))
const deps = createMeasureDeps(core.stores.whatIf)
const totals: number[] = []
const stalls: number[] = []
for (let run = 0; run <= runs; run++) {
  await sleep(50)
  const monitor = monitorEventLoopDelay({ resolution: 1 })
  monitor.enable()
  await sleep(5)
  const beganAtMs = performance.now()
  await previewChanges(deps, changes, 50)
  const totalMs = performance.now() - beganAtMs
  await sleep(5)
  monitor.disable()
  // The first one compiles.
  if (run === 0) continue
  totals.push(Math.round(totalMs))
  stalls.push(Math.round(monitor.max / 1e6))
}
await server.close()
const median = (times: readonly number[]) => times.toSorted((a, b) => a - b)[runs >> 1]!
console.log(
  JSON.stringify({ stallMs: median(stalls), worstStallMs: Math.max(...stalls), totalMs: median(totals) }),
)

async function fill(): Promise<void> {
  const named = (name: string) => ({ name, codeName: name, description: null })
  const permissions = resources.flatMap(resource => actions.map(action => `${resource}:${action}`))
  const ofEach = grants / roles.length
  const roleIds = await core.transaction(async stores => {
    for (const name of resources) await stores.resources.add(named(name))
    for (const name of actions) await stores.actions.add(named(name))
    const made = []
    for (const name of roles) made.push((await stores.roles.add(named(name))).id)
    return made
  })
  for (const [at, roleId] of roleIds.entries()) {
    const held = Array.from(
      { length: ofEach },
      (_, index) => permissions[(at * 7 + index) % permissions.length]!,
    )
    await core.transaction(async stores => {
      const { ids } = await stores.permissions.ensure(parsePermissionNames(held))
      await stores.permissions.replaceOfRole(roleId, ids)
    })
  }
  await core.transaction(async stores => {
    for (let at = 0; at < people; at++) {
      const account = { email: `person-${at}@example.com`, passwordHash: '!', ...initialFields }
      const user = await stores.users.add(account, core.clock.nowMs())
      if (user === 'taken') throw new Error(`${account.email} is there already`)
      const own = [roleIds[at % roleIds.length]!, roleIds[(at * 7 + 3) % roleIds.length]!]
      await stores.assignments.replaceRoles(user.id, [...new Set(own)], core.clock.nowMs())
    }
  })
}
