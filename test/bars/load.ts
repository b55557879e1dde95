import { createGate, type Snapshot } from '@propusk/gate/core'
import { loadConfig } from '../../server/src/config/index.ts'
import { openCore } from '../../server/src/core.ts'

/**
 * What a start costs beside the living changes that the database holds: run in a process of its own, for its memory.
 * Prints one line of JSON.
 */
const [databaseUrl = ''] = process.argv.slice(2)
const core = await openCore(
  loadConfig({
    PROPUSK_DATABASE_URL: databaseUrl,
    PROPUSK_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
  }),
)
const gate = createGate({
  issuer: 'https://auth.example',
  audience: 'https://auth.example',
  maxTokenLifeSeconds: 600,
  staleAfterMs: 1000,
  importKey: () => () => false,
})
await core.snapshot(async ({ permissions }) => permissions.readRoles())
const megabytes = (bytes: number) => Math.round(bytes / 1e6)
const before = process.memoryUsage().rss
const beganAtMs = performance.now()
const state = await core.snapshot(({ feed }) => feed.readState(core.clock.nowMs()))
const readMs = performance.now() - beganAtMs
const snapshot: Snapshot = {
  keys: [],
  roles: [],
  catalogue: [],
  changes: state.changes,
  ...pick(state.endedSessions),
}
gate.load(snapshot)
const loadedMs = performance.now() - beganAtMs
const peak = process.resourceUsage().maxRSS * 1024
await core.close()
console.log(
  JSON.stringify({
    readMs: Math.round(readMs),
    loadMs: Math.round(loadedMs - readMs),
    totalMs: Math.round(loadedMs),
    beforeMb: megabytes(before),
    peakMb: megabytes(peak),
    ended: gate.snapshot().endedSessions?.reduce((sum, { sessions }) => sum + (sessions.length + 1) / 37, 0),
  }),
)

function pick(endedSessions: Snapshot['endedSessions']) {
  return endedSessions === undefined ? {} : { endedSessions }
}
