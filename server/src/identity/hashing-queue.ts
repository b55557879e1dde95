import { Refusal } from '../kernel/index.ts'

/** Lets costly work through a few at a time, in the order in which it came. */
export interface HashingQueue {
  /**
   * Runs the work when its turn comes. Throws `Refusal('unavailable')` at once when the queue is full: an
   * answer that comes after the client has gone is work for nobody.
   */
  run<Result>(work: () => Promise<Result>): Promise<Result>
  readonly load: HashingLoad
}

export interface HashingLoad {
  readonly waiting: number
  readonly running: number
}

interface HashingQueueOptions {
  /** How many run at the same time. */
  readonly concurrency: number
  /** How many may wait. */
  readonly limit: number
}

/** One hash on one core of a small server; good enough to say when to come back. */
const typicalHashSeconds = 0.025

export function createHashingQueue({ concurrency, limit }: HashingQueueOptions): HashingQueue {
  const waiting: (() => void)[] = []
  const retryAfterSeconds = Math.max(1, Math.ceil((limit / concurrency) * typicalHashSeconds))
  let running = 0

  async function enter(): Promise<void> {
    if (running < concurrency) {
      running += 1
      return
    }
    if (waiting.length >= limit) throw new Refusal('unavailable', { retryAfterSeconds })
    await new Promise<void>(resolve => waiting.push(resolve))
  }

  // INVARIANT: a finished piece of work hands its place to the next one, so nobody who comes in between
  // overtakes, and `running` never exceeds `concurrency`.
  function leave(): void {
    const next = waiting.shift()
    if (next === undefined) running -= 1
    else next()
  }

  return {
    async run(work) {
      await enter()
      try {
        return await work()
      } finally {
        leave()
      }
    },
    get load() {
      return { waiting: waiting.length, running }
    },
  }
}
