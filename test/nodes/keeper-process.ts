import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Config } from '../../server/src/config/index.ts'

const keeperFile = fileURLToPath(new URL('keeper.ts', import.meta.url))

/** A whole server in a process of its own that runs housekeeping on request. */
export interface Keeper {
  /** Whether it is the one that ran housekeeping. */
  look(): Promise<boolean>
  /** SIGKILL; resolves once the process is gone. */
  kill(): Promise<void>
  /** SIGSTOP: it is there and does nothing, as on a machine that is suspended. */
  freeze(): void
  thaw(): void
}

const running = new Set<ChildProcess>()

after(async () => {
  for (const child of running) await end(child)
})

/** Starts one on the same database and with the same master key. */
export async function startKeeper({ databaseUrl, masterKey }: Config): Promise<Keeper> {
  const child = spawn(process.execPath, [keeperFile], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      PROPUSK_DATABASE_URL: databaseUrl,
      PROPUSK_MASTER_KEY: Buffer.from(masterKey!).toString('base64'),
    },
  })
  running.add(child)
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const nextLine = async () => {
    const { value, done } = await lines.next()
    if (done) throw new Error('The process of the other node has ended; its error is above.')
    return value
  }
  await nextLine()
  return {
    async look() {
      child.stdin.write('look\n')
      return (await nextLine()) === 'true'
    },
    kill: () => end(child),
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
  }
}

async function end(child: ChildProcess): Promise<void> {
  running.delete(child)
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}
