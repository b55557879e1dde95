import { Refusal } from '../../kernel/index.ts'

/**
 * SQLSTATEs that say «not now» rather than «not so»: https://www.postgresql.org/docs/current/errcodes-appendix.html
 * Connection (08), resources (53), operator intervention, which is also a cancelled statement (57), a server that
 * only reads (25006), sessions that took too long (25P03, 25P04), a lock that took too long (55P03).
 */
const unavailableStates = /^(08|53|57)|^(25006|25P03|25P04|55P03)$/

/** The transaction lost against a neighbour and may win when run again: serialization failure, deadlock. */
const retryStates = new Set(['40001', '40P01'])

/** What `pg` says without an SQLSTATE when the connection is gone. */
const lostConnection =
  /^(Connection terminated|Client has encountered|Client was closed|Query read timeout|timeout exceeded|Cannot use a pool)/

/** Undefined for anything but an answer of the server. */
const sqlState = (error: unknown): string | undefined =>
  error instanceof Error && 'severity' in error && 'code' in error ? String(error.code) : undefined

export const mayRetry = (error: unknown): boolean => retryStates.has(sqlState(error) ?? '')

/** Whether the connection may still be in step with the server after `error`. */
export const keepsConnection = (error: unknown): boolean =>
  sqlState(error) !== undefined || error instanceof RangeError

/** `unavailable` for what a later try may cure, the error itself for everything else. */
export function postgresFailure(error: unknown): unknown {
  const state = sqlState(error)
  if (state !== undefined)
    return unavailableStates.test(state) ? new Refusal('unavailable', { cause: error }) : error
  const lost = error instanceof Error && ('syscall' in error || lostConnection.test(error.message))
  return lost ? new Refusal('unavailable', { cause: error }) : error
}
