import { Rejection, Semaphore } from '../../kernel/index.ts'

/** Lets long work through one after the other, in the order in which it came. */
export type WalkSemaphore = Pick<Semaphore, 'run'>

/** When to come back: what a walk over a million users may take. */
const retryAfterSeconds = 10

/** Refuses with `too_many_requests` at once when too many are waiting. */
export const createWalkSemaphore = (maxWaiting: number): WalkSemaphore =>
  new Semaphore({
    permits: 1,
    maxWaiting,
    full: () => new Rejection('too_many_requests', { retryAfterSeconds }),
  })
