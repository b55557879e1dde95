import { Refusal } from '../../kernel/index.ts'

/** Lets long work through one after the other, in the order in which it came. */
export interface Turns {
  /** Refuses with `too_many_requests` at once when too many are waiting. */
  run<Result>(work: () => Promise<Result>): Promise<Result>
}

/** When to come back: what a walk over a million users may take. */
const retryAfterSeconds = 10

export function createTurns(maxWaiting: number): Turns {
  let last: Promise<unknown> = Promise.resolve()
  let present = 0
  return {
    async run(work) {
      if (present > maxWaiting) throw new Refusal('too_many_requests', { retryAfterSeconds })
      present += 1
      const own = last.then(work).finally(() => {
        present -= 1
      })
      // Whether this one goes well is no matter of the next.
      last = own.catch(() => undefined)
      return await own
    },
  }
}
