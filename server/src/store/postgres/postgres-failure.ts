import { Rejection } from '../../kernel/index.ts'

/** read_only_sql_transaction */
const readOnlyState = '25006'

/**
 * SQLSTATEs that say «not now» rather than «not so»: https://www.postgresql.org/docs/current/errcodes-appendix.html
 * Connection (08), resources (53), operator intervention, which is also a cancelled statement (57), a server that
 * only reads (25006), sessions that took too long (25P03, 25P04), a lock that took too long (55P03).
 */
const unavailableStates = /^(08|53|57)|^(25006|25P03|25P04|55P03)$/

/** Said where a standby is met that does not say so itself. */
export const standbyExplanation =
  'PostgreSQL is a standby, which lags behind: it is not asked. Let PROPUSK_DATABASE_URL lead to the primary; the server goes on by itself once it does.'

/** Said of a new connection where one that writes was asked for. */
export const readOnlyExplanation =
  'PostgreSQL only reads: it is a standby, or default_transaction_read_only is on. Let PROPUSK_DATABASE_URL lead to the primary; writes go on by themselves once they are allowed.'

/** feature_not_supported: among others a standby that is asked about a table that is not logged (`ledger_epoch`). */
const isOfStandby = (error: unknown): boolean =>
  sqlState(error) === '0A000' && /during recovery/.test((error as Error).message)

/** For the operator who reads the log: what is wrong and what to do, where PostgreSQL's own words do not say it. */
const explanations: ReadonlyMap<string, string> = new Map([
  ['53100', 'The disk of PostgreSQL is full. Free some space there; writes then go on by themselves.'],
  [readOnlyState, readOnlyExplanation],
])

/** The transaction lost against a concurrent one and may succeed when run again: serialization failure, deadlock. */
const retryStates = new Set(['40001', '40P01'])

/** What `pg` says without an SQLSTATE when the connection is gone. */
const lostConnection =
  /^(Connection terminated|Client has encountered|Client was closed|Query read timeout|timeout exceeded|Cannot use a pool)/

/** Undefined for anything but an answer of the server. */
const sqlState = (error: unknown): string | undefined =>
  error instanceof Error && 'severity' in error && 'code' in error ? String(error.code) : undefined

export const mayRetry = (error: unknown): boolean => retryStates.has(sqlState(error) ?? '')

/** in_failed_sql_transaction: the statement was not looked at, since one before it failed. */
export const isAborted = (error: unknown): boolean => sqlState(error) === '25P02'

/**
 * Whether the connection is of further use after `error`: in step with the server, and with one that writes. After a
 * failover, or under a default that was taken back, only a new connection leads to a server that does.
 */
export function keepsConnection(error: unknown): boolean {
  const state = sqlState(error)
  if (isOfStandby(error)) return false
  return state === undefined ? error instanceof RangeError : state !== readOnlyState
}

/** `unavailable` for what a later try may cure, the error itself for everything else. */
export function postgresFailure(error: unknown): unknown {
  const state = sqlState(error)
  if (isOfStandby(error))
    return new Rejection('unavailable', { cause: new Error(standbyExplanation, { cause: error }) })
  if (state !== undefined)
    return unavailableStates.test(state)
      ? new Rejection('unavailable', { cause: explained(error, state) })
      : error
  const lost = error instanceof Error && ('syscall' in error || lostConnection.test(error.message))
  return lost ? new Rejection('unavailable', { cause: error }) : error
}

function explained(error: unknown, state: string): unknown {
  const explanation = explanations.get(state)
  return explanation === undefined ? error : new Error(explanation, { cause: error })
}
