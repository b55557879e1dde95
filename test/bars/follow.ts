import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { composeServer } from '../../server/src/compose.ts'
import { loadConfig } from '../../server/src/config/index.ts'
import { openCore } from '../../server/src/core.ts'

const seconds = 10
const masterKey = Buffer.alloc(32, 7).toString('base64')

/** How much of a core a node spends that serves nobody, while others write a thousand changes a second. */
export async function follow(
  databaseUrl: string,
): Promise<{ corePercent: number; idlePercent: number; received: number }> {
  const config = loadConfig({
    PROPUSK_DATABASE_URL: databaseUrl,
    PROPUSK_MASTER_KEY: masterKey,
    PROPUSK_PORT: '0',
  })
  const core = await openCore(config)
  const server = await composeServer(core, { logStream: { write: () => {} } })
  const processorMs = async () => {
    const before = process.cpuUsage()
    await sleep(seconds * 1000)
    const { user, system } = process.cpuUsage(before)
    return Math.round((user + system) / (seconds * 10_000))
  }
  try {
    const idlePercent = await processorMs()
    const known = () =>
      server.gate
        .snapshot()
        .endedSessions?.reduce((sum, { sessions }) => sum + (sessions.length + 1) / 37, 0) ?? 0
    const before = known()
    const writer = startWriter(databaseUrl)
    await sleep(1_000)
    const corePercent = await processorMs()
    writer.kill()
    await once(writer, 'exit')
    return { corePercent, idlePercent, received: known() - before }
  } finally {
    await server.close()
  }
}

function startWriter(databaseUrl: string): ChildProcess {
  return spawn(process.execPath, [new URL('write-changes.ts', import.meta.url).pathname, databaseUrl], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
}
