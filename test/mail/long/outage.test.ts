import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { engines, migratedDatabaseUrl } from '../../support/engines.ts'
import { eventually } from '../../support/eventually.ts'
import { freePort } from '../../support/free-port.ts'
import type { NodeRequest } from '../support/node.ts'
import { mailEnv, smtpServer } from '../support/smtp.ts'

const nodeFile = fileURLToPath(new URL('../support/node.ts', import.meta.url))
const minuteMs = 60_000

/** A node in a process of its own, whose clock a test puts forward. */
async function startNode(databaseUrl: string, port: number) {
  const child: ChildProcess = fork(nodeFile, {
    env: {
      ...process.env,
      PROPUSK_DATABASE_URL: databaseUrl,
      PROPUSK_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
      PROPUSK_LOG_LEVEL: 'silent',
      ...mailEnv({ port }),
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  after(kill)
  await once(child, 'message')
  const begin = (request: NodeRequest) => void child.send(request)
  const ask = async (request: NodeRequest) => {
    const answered = once(child, 'message')
    begin(request)
    await answered
  }
  return { ask, begin, kill }
}

for (const engine of engines) {
  describe(`a mail server that is away for an hour, on ${engine}`, () => {
    it('gets every mail once, though the process that tried was killed in between', async () => {
      const databaseUrl = await migratedDatabaseUrl(engine)
      const port = await freePort()
      const emails = Array.from({ length: 40 }, (_, n) => `person-${n}@example.com`)
      const first = await startNode(databaseUrl, port)
      await first.ask({ do: 'add', emails })
      for (const minutes of [0.5, 2, 10]) {
        await first.ask({ do: 'send' })
        await first.ask({ do: 'advance', ms: minutes * minuteMs })
      }
      // It is back, and does not answer: the attempts of the first node are in progress when it is killed.
      const hanging = await smtpServer({ onRecipient: () => 'hang' }, { port })
      first.begin({ do: 'send' })
      assert.ok(await eventually(() => hanging.asked.length === 5))
      await first.kill()
      await hanging.close()

      const smtp = await smtpServer({}, { port })
      const second = await startNode(databaseUrl, port)
      // As late as the first one was, and past the claims of what it was about to send.
      await second.ask({ do: 'advance', ms: 60 * minuteMs })
      await second.ask({ do: 'send' })
      await second.ask({ do: 'advance', ms: 60 * minuteMs })
      await second.ask({ do: 'send' })
      const arrived = smtp.taken.map(({ to }) => to.join())
      assert.deepEqual(arrived.toSorted(), emails.toSorted())
      await second.kill()
    })
  })
}
