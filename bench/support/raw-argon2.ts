import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defaultArgon2Cost } from '../../server/src/identity/password-hash.ts'
import { type StartedServer, startServer } from './start-server.ts'

const peerFile = fileURLToPath(new URL('../peers/raw-argon2.js', import.meta.url))

export interface RawArgon2 extends StartedServer {
  /** Hashes in a second, over so long, on all cores. */
  rate(durationMs: number): Promise<number>
}

/** A process that does nothing but Argon2id at the cost of our own hashes. */
export async function startRawArgon2(directory: string): Promise<RawArgon2> {
  const cores = String(availableParallelism())
  const { memoryKib, passes, parallelism } = defaultArgon2Cost
  const server = await startServer(
    {
      name: 'raw Argon2id',
      args: [peerFile, `--cores=${cores}`],
      env: port => ({
        PORT: String(port),
        // One thread for each hash: on a larger machine the pool's four would be the bound.
        UV_THREADPOOL_SIZE: cores,
        MEMORY_KIB: String(memoryKib),
        PASSES: String(passes),
        PARALLELISM: String(parallelism),
      }),
      readyPath: '/health/live',
    },
    directory,
  )
  return {
    ...server,
    async rate(durationMs) {
      const answer = await fetch(`http://127.0.0.1:${server.port}/hashes?ms=${durationMs}`)
      return ((await answer.json()) as { rate: number }).rate
    },
  }
}
