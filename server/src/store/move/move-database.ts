/** Copying reads the source and writes the target; checking reads both anew. */
export type MoveStep = 'copy' | 'check'

/** Reports the progress of a move to the operator. */
export interface MoveWatcher {
  begins(step: MoveStep, totalRows: number): void
  advances(table: string, rows: number): void
  finishes(step: MoveStep, table: string, rows: number): void
}

export interface MoveOptions {
  /** The SQLite file, which exists. */
  readonly from: string
  /** The PostgreSQL URL; it may hold a password. */
  readonly to: string
  readonly watcher: MoveWatcher
}

/** One table, which both sides hold alike. */
export interface MovedCounts {
  readonly table: string
  readonly rows: number
  /** SHA-256 over all rows in the order of their keys, in hexadecimal digits. */
  readonly checksum: string
}

/**
 * Copies every row of a SQLite database that no process has open into an empty PostgreSQL one, with its id, in bounded
 * memory and in one transaction, and compares both sides before it commits. After any failure, an end of this process
 * included, the target holds no row of it, and no row of the source is changed. Throws with one line that says what to
 * do and holds no password.
 */
export async function moveToPostgres(options: MoveOptions): Promise<readonly MovedCounts[]> {
  // Loaded only when asked for: a start on SQLite does not pay for the PostgreSQL driver.
  const { moveBetween } = await import('./move-to-postgres.ts')
  return await moveBetween(options)
}
