import { Refusal } from '../../kernel/index.ts'

/**
 * Primary result codes that say «not now» rather than «not so»: https://www.sqlite.org/rescode.html
 * BUSY 5, LOCKED 6, NOMEM 7, READONLY 8, IOERR 10, CORRUPT 11, FULL 13, CANTOPEN 14, PROTOCOL 15, NOTADB 26.
 */
const unavailableCodes = new Set([5, 6, 7, 8, 10, 11, 13, 14, 15, 26])

const busy = 5
const readOnly = 8
const corrupt = 11
const notADatabase = 26

/** The low byte of an extended result code is the primary one. */
const primaryCode = (error: unknown): number | undefined =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode & 0xff
    : undefined

export const isBusy = (error: unknown): boolean => primaryCode(error) === busy
export const isReadOnly = (error: unknown): boolean => primaryCode(error) === readOnly
/** What is in the file is no database, or none any more. */
export const isUnreadable = (error: unknown): boolean => {
  const code = primaryCode(error)
  return code === corrupt || code === notADatabase
}

/** `unavailable` for what a later try may cure, the error itself for everything else. */
export function sqliteFailure(error: unknown): unknown {
  const code = primaryCode(error)
  const closed = error instanceof Error && 'code' in error && error.code === 'ERR_INVALID_STATE'
  if (closed || (code !== undefined && unavailableCodes.has(code)))
    return new Refusal('unavailable', { cause: error })
  return error
}
