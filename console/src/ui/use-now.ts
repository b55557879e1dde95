import { useSyncExternalStore } from 'react'

/** One clock for every «2 minutes ago» of the page, which moves on twice a minute. */
const stepMs = 30_000
let nowMs = Date.now()
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    nowMs = Date.now()
    for (const each of listeners) each()
  }, stepMs)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

const read = (): number => {
  // A page that showed no time for a while starts with the right one.
  if (timer === undefined) nowMs = Date.now()
  return nowMs
}

export const useNow = (): number => useSyncExternalStore(subscribe, read)
