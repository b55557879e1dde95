import { Rejection } from '../../kernel/index.ts'

/**
 * Primary result codes that say «not now» rather than «not so»: https://www.sqlite.org/rescode.html
 * BUSY 5, LOCKED 6, NOMEM 7, READONLY 8, IOERR 10, CORRUPT 11, FULL 13, CANTOPEN 14, PROTOCOL 15, NOTADB 26.
 */
const unavailableCodes = new Set([5, 6, 7, 8, 10, 11, 13, 14, 15, 26])

const busy = 5
const readOnly = 8
const ioError = 10
const corrupt = 11
const full = 13
const cannotOpen = 14
const notADatabase = 26

const unreadable = 'The database file is damaged, or is no database. Restore a backup: docs/operations.md.'

/** For the operator who reads the log: what is wrong and what to do, where SQLite's own words do not say it. */
const explanations: ReadonlyMap<number, string> = new Map([
  [
    readOnly,
    'The database is read-only. Make its file, its directory and its disk writable for the user that runs the server.',
  ],
  [
    ioError,
    'The disk refuses the database. Look at its health, at quotas and at limits on the size of files.',
  ],
  [corrupt, unreadable],
  [full, 'The disk of the database is full. Free some space there; writes then go on by themselves.'],
  [
    cannotOpen,
    'The database file cannot be opened for writing. Its directory must exist, both must be writable for the user that runs the server, and the disk must have space.',
  ],
  [notADatabase, unreadable],
])

/** What the operating system says where SQLite was not asked yet, by SQLite's code for the same. */
const systemCodes: ReadonlyMap<unknown, number> = new Map([
  ['EACCES', cannotOpen],
  ['EPERM', cannotOpen],
  ['EROFS', readOnly],
  ['ENOSPC', full],
  ['EDQUOT', full],
])

/** The low byte of an extended result code is the primary one. */
const primaryCode = (error: unknown): number | undefined =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode & 0xff
    : undefined

export const isBusy = (error: unknown): boolean => primaryCode(error) === busy
export const isReadOnly = (error: unknown): boolean => primaryCode(error) === readOnly
/** The file is not a database, or is damaged. */
export const isUnreadable = (error: unknown): boolean => {
  const code = primaryCode(error)
  return code === corrupt || code === notADatabase
}

/** `unavailable` for what a later try may cure, the error itself for everything else. */
export function sqliteFailure(error: unknown): unknown {
  const code = primaryCode(error)
  const closed = error instanceof Error && 'code' in error && error.code === 'ERR_INVALID_STATE'
  if (closed || (code !== undefined && unavailableCodes.has(code)))
    return new Rejection('unavailable', { cause: explained(error) })
  return error
}

/** The same error under a sentence that says what to do, where there is one. */
export function explained(error: unknown): unknown {
  const code = primaryCode(error) ?? systemCodes.get((error as NodeJS.ErrnoException | null)?.code)
  const explanation = explanations.get(code ?? 0)
  return explanation === undefined ? error : new Error(explanation, { cause: error })
}
