import { AsyncLocalStorage } from 'node:async_hooks'
import type { Handle } from './database.ts'

const inside = new AsyncLocalStorage<true>()

/**
 * A transaction begun inside another one's work would wait for a turn that comes only after itself (SQLite), or
 * commit without it (PostgreSQL). Both are a caller's bug, so it is refused at once instead of timing out.
 */
export function refuseNested<T>(
  work: (trx: Handle) => Promise<T>,
  start: (guarded: (trx: Handle) => Promise<T>) => Promise<T>,
): Promise<T> {
  if (inside.getStore())
    return Promise.reject(new TypeError('A transaction cannot begin inside another one; pass its handle on'))
  return start(trx => inside.run(true, work, trx))
}
