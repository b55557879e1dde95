import { AsyncLocalStorage } from 'node:async_hooks'
import type { Handle } from './database.ts'

/** Turned off when the work ends: a timer or a socket that it left behind inherits the context, but is outside. */
interface Inside {
  active: boolean
}

const inside = new AsyncLocalStorage<Inside>()

/**
 * A transaction begun inside another one's work would wait for a turn that comes only after itself (SQLite), or
 * commit without it (PostgreSQL). Both are a caller's bug, so it is refused at once instead of timing out.
 */
export function refuseNested<T>(
  work: (trx: Handle) => Promise<T>,
  start: (guarded: (trx: Handle) => Promise<T>) => Promise<T>,
): Promise<T> {
  if (inside.getStore()?.active) {
    return Promise.reject(new TypeError('A transaction cannot begin inside another one; pass its handle on'))
  }
  return start(trx => runInside(work, trx))
}

async function runInside<T>(work: (trx: Handle) => Promise<T>, trx: Handle): Promise<T> {
  const mark = { active: true }
  try {
    return await inside.run(mark, work, trx)
  } finally {
    mark.active = false
  }
}
