import { AsyncLocalStorage } from 'node:async_hooks'
import { Rejection } from '../kernel/index.ts'
import type { Handle } from './database.ts'

/** Turned off when the work ends: a timer or a socket that it left behind inherits the context, but is outside. */
interface Inside {
  active: boolean
}

const inside = new AsyncLocalStorage<Inside>()

/**
 * A transaction begun inside another one's work would wait for its own end (SQLite), or
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
  const state = { active: true }
  try {
    return await inside.run(state, work, trx)
  } finally {
    state.active = false
  }
}

/**
 * The promise's own outcome, or `unavailable` when it takes longer than `limitMs`. `cutOff` is called first and makes
 * sure that what still runs can do no harm; whatever comes of it later is ignored.
 */
export async function withDeadline<T>(
  running: Promise<T>,
  limitMs: number,
  cutOff: (reason: Rejection) => void,
): Promise<T> {
  const { promise: expired, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    const cause = new Error(`A transaction took longer than ${limitMs} ms and was cut off`)
    const reason = new Rejection('unavailable', { cause })
    cutOff(reason)
    reject(reason)
  }, limitMs)
  try {
    return await Promise.race([running, expired])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Refuses what the two engines would read differently: `undefined` (null to both drivers), NaN, integers that a
 * double cannot hold, and NUL, which PostgreSQL cannot store. A caller's bug, so a TypeError.
 */
export function checkParameters(parameters: readonly unknown[]): void {
  for (let index = 0; index < parameters.length; index++) {
    const fault = faultOf(parameters[index])
    if (fault !== undefined) throw new TypeError(`Parameter ${index + 1} of the query is ${fault}`)
  }
}

function faultOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value.includes('\0') ? 'a string that holds NUL' : undefined
    case 'number':
      return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
        ? undefined
        : 'a number that cannot be stored exactly'
    case 'boolean':
      return undefined
    case 'object':
      return value === null || value instanceof Uint8Array
        ? undefined
        : 'an object; store it as text or a number'
    default:
      return `of type ${typeof value}, which no column holds`
  }
}
