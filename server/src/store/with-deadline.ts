import { Rejection } from '../kernel/index.ts'

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
