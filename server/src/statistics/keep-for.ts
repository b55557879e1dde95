import type { Clock, EpochMs } from '../kernel/index.ts'

/**
 * Asks once for all who ask within so many milliseconds, those at the same time included. What fails is asked again
 * by the next. A clock that was set back makes it ask anew.
 */
export function keepFor<Value>(
  lifeMs: number,
  { nowMs }: Clock,
  ask: (nowMs: EpochMs) => Promise<Value>,
): () => Promise<Value> {
  let kept: { readonly atMs: EpochMs; readonly value: Promise<Value> } | undefined
  return () => {
    const now = nowMs()
    if (kept !== undefined && now >= kept.atMs && now - kept.atMs < lifeMs) return kept.value
    const asked = { atMs: now, value: ask(now) }
    kept = asked
    asked.value.catch(() => {
      if (kept === asked) kept = undefined
    })
    return asked.value
  }
}
