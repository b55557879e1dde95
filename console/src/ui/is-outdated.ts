import { ProblemError } from '@propusk/client'

/** Whether a write was refused because the row has another version by now than the one that was read. */
export const isOutdated = (error: unknown): boolean =>
  error instanceof ProblemError && error.code === 'precondition_failed'
