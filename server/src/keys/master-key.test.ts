import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { systemRandom } from '../kernel/index.ts'
import { readMasterKey } from './master-key.ts'

const read = (keyFile: string): string =>
  Buffer.from(readMasterKey({ masterKey: undefined, keyFile, isFirst: true }, systemRandom)).toString('hex')

interface Start {
  readonly files: readonly string[]
  /** One turn for each file: whoever comes waits there until all have come. */
  readonly arrived: Int32Array
  readonly racers: number
}

/** Reads or makes each file at the same instant as the others do. */
function race({ files, arrived, racers }: Start): string[] {
  return files.map((file, turn) => {
    Atomics.add(arrived, turn, 1)
    while (Atomics.load(arrived, turn) < racers);
    try {
      return read(file)
    } catch (error) {
      return (error as Error).message
    }
  })
}

if (!isMainThread) parentPort!.postMessage(race(workerData as Start))
else {
  describe('the master key file', () => {
    const directory = mkdtempSync(join(tmpdir(), 'propusk-key-'))
    after(() => rmSync(directory, { recursive: true, force: true }))

    it('is made once, for its owner only, and read from then on', () => {
      const file = join(directory, 'one.key')
      assert.equal(read(file), read(file))
      assert.equal(statSync(file).mode & 0o777, 0o600)
      assert.deepEqual(readdirSync(directory), ['one.key'])
    })

    it('is one and the same for two that start together', async () => {
      const files = Array.from({ length: 50 }, (_, at) => join(directory, `${at}.key`))
      const arrived = new Int32Array(new SharedArrayBuffer(4 * files.length))
      const start: Start = { files, arrived, racers: 2 }
      const runs = await Promise.all(
        [1, 2].map(
          () =>
            new Promise<string[]>((resolve, reject) => {
              const worker = new Worker(new URL(import.meta.url), { workerData: start })
              worker.once('message', resolve).once('error', reject)
            }),
        ),
      )
      assert.deepEqual(runs[0], runs[1])
      for (const key of runs[0]!) assert.match(key, /^[0-9a-f]{64}$/)
    })
  })
}
