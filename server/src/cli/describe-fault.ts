import { Refusal } from '../kernel/index.ts'

/** Why something could not even be examined, in one line for an operator. The store keeps passwords out of its causes. */
export function describeFault(error: unknown): string {
  if (error instanceof Refusal && error.cause instanceof Error) {
    const { message } = error.cause
    // A whole sentence says by itself what to do.
    if (message.endsWith('.')) return message
    return `it cannot be reached: ${message}. Check that it runs and that PROPUSK_DATABASE_URL names it`
  }
  return error instanceof Error ? error.message : String(error)
}
