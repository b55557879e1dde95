import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '../support/free-port.ts'
import { makeKey } from './deactivations.ts'
import { fillLargely } from './large-database.ts'
import { makeAdministrator, startSlowNode } from './slow-commits.ts'

const program = fileURLToPath(new URL('large-follower.ts', import.meta.url))

/** Of a node with a large snapshot, and of a follower in a process of its own that connects to it. */
export interface SnapshotFigures {
  /** How long the node took to read everything from the database when it started. */
  readonly nodeReadyMs: number
  /** From the request until the first bytes of the snapshot leave the node. */
  readonly firstBytesMs: number
  /** The longest time for which the node's event loop did nothing else, while it made and sent the snapshot. */
  readonly nodeBlockedMs: number
  readonly bytes: number
  /** From the follower's first request until its gate is live. */
  readonly liveMs: number
  /** The same of the follower's event loop. */
  readonly followerBlockedMs: number
}

/** Measures on a node that is in this process, so that its event loop can be watched. */
export async function measureSnapshot(
  databaseUrl: string,
  size: { readonly roles: number; readonly changes: number },
): Promise<SnapshotFigures> {
  await fillLargely(databaseUrl, size)
  const port = await freePort()
  const issuer = `http://127.0.0.1:${port}`
  const startedAtMs = performance.now()
  const node = await startSlowNode(databaseUrl, { issuer, port, skewMs: 0, random: () => 0 })
  const nodeReadyMs = performance.now() - startedAtMs
  try {
    const admin = await makeAdministrator(node)
    const key = await makeKey(node.url, admin)
    return { nodeReadyMs, ...(await askTwice(issuer, key)) }
  } finally {
    await node.server.close()
  }
}

/** The first caller is who the snapshot is made for; the follower comes once that one is too old to be used again. */
async function askTwice(issuer: string, key: string): Promise<Omit<SnapshotFigures, 'nodeReadyMs'>> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const { firstBytesMs, bytes } = await readSnapshot(issuer, key)
  await sleep(snapshotAgesMs)
  const follower = await runFollower(issuer, key)
  await sleep(20)
  delay.disable()
  return { firstBytesMs, bytes, nodeBlockedMs: delay.max / 1e6, ...follower }
}

/** Longer than a snapshot is handed out again. */
const snapshotAgesMs = 11_000

async function readSnapshot(issuer: string, key: string): Promise<{ firstBytesMs: number; bytes: number }> {
  const askedAtMs = performance.now()
  const ending = new AbortController()
  const headers = { authorization: `Bearer ${key}`, accept: 'text/event-stream' }
  const { body } = await fetch(`${issuer}/api/auth/changes/`, { headers, signal: ending.signal })
  let firstBytesMs = 0
  let bytes = 0
  for await (const chunk of body!) {
    if (bytes === 0) firstBytesMs = performance.now() - askedAtMs
    bytes += chunk.length
    if (Buffer.from(chunk).includes('event: now')) break
  }
  ending.abort()
  return { firstBytesMs, bytes }
}

async function runFollower(
  issuer: string,
  key: string,
): Promise<{ liveMs: number; followerBlockedMs: number }> {
  const child = spawn(process.execPath, [program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, FOLLOW_ISSUER: issuer, FOLLOW_KEY: key },
  })
  const [said] = await Promise.all([text(child.stdout), once(child, 'exit')])
  return JSON.parse(said)
}
