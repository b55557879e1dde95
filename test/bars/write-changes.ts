import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { loadConfig } from '../../server/src/config/index.ts'
import { openCore } from '../../server/src/core.ts'

/** Writes a thousand changes a second, each in a transaction of its own, until it is killed. */
const perSecond = 1_000
const everyMs = 10

const [databaseUrl = ''] = process.argv.slice(2)
const core = await openCore(
  loadConfig({
    PROPUSK_DATABASE_URL: databaseUrl,
    PROPUSK_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
  }),
)
const beganAtMs = performance.now()
for (let written = 0; ; ) {
  const due = ((performance.now() - beganAtMs) * perSecond) / 1000
  const batch = Array.from({ length: Math.min(20, Math.max(0, Math.floor(due - written))) }, () =>
    core.transaction(({ changes }) =>
      changes.append({ kind: 'session_ended', sessionUuid: randomUUID() }, core.clock.nowMs()),
    ),
  )
  await Promise.all(batch)
  written += batch.length
  if (batch.length === 0) await sleep(everyMs)
}
