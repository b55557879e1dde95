import { Rejection, Semaphore } from '../kernel/index.ts'

export interface HashingLoad {
  readonly waiting: number
  readonly running: number
}

/** Lets costly work through a few at a time, in the order in which it came. */
export interface HashingQueue {
  /**
   * Runs the work when its turn comes. Throws `Rejection('unavailable')` at once when the queue is full: an answer that
   * comes after the client has gone is of use to no caller.
   */
  run<Result>(work: () => Promise<Result>): Promise<Result>
  readonly load: HashingLoad
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
  const retryAfterSeconds = Math.max(1, Math.ceil((limit / concurrency) * typicalHashSeconds))
  const semaphore = new Semaphore({
    permits: concurrency,
    maxWaiting: limit,
    full: () => new Rejection('unavailable', { retryAfterSeconds }),
  })
  return {
    run: work => semaphore.run(work),
    get load() {
      return { waiting: semaphore.waiting, running: semaphore.running }
    },
  }
}
