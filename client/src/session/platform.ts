import type { KeyValueStorage } from '../stores.ts'

/** What tells the other tabs of this browser. A BroadcastChannel is one. */
export interface SessionChannel {
  postMessage(message: unknown): void
  onmessage: ((event: { readonly data: unknown }) => void) | null
  close(): void
}

/** What a session needs of the place where it runs. `platform()` finds it; a test gives another. */
export interface SessionPlatform {
  readonly fetch: typeof fetch
  /** Milliseconds since some start. It may stand still while the machine sleeps. */
  monotonicMs(): number
  /** The wall clock, which may be set. Only ever a reason to refresh early. */
  wallMs(): number
  /** Runs `act` once after `ms`; the function that it gives cancels that. It must not keep a process alive. */
  after(ms: number, act: () => void): () => void
  /** Runs `act` while no other tab runs one under `name`; without the lock when it is not free before `signal` aborts. */
  withLock<T>(name: string, signal: AbortSignal, act: () => Promise<T>): Promise<T>
  openChannel(name: string): SessionChannel | undefined
  /** Calls `act` when the machine or the page may have slept, or the network has come back. */
  onWake(act: () => void): () => void
  random(): number
  /** What all tabs read and write. Asked for with the cookie alone. */
  sharedStorage(): KeyValueStorage | undefined
}

/** The platform of this process: a browser's tab, a worker, Node, Deno or Bun. */
export const defaultPlatform = (): SessionPlatform => ({
  fetch: (...input) => fetch(...input),
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  after(ms, act) {
    const timer: unknown = setTimeout(act, ms)
    ;(timer as { unref?: () => void }).unref?.()
    return () => clearTimeout(timer as number)
  },
  withLock: sharedLock,
  openChannel: openBroadcastChannel,
  onWake: listenForWaking,
  random: Math.random,
  sharedStorage: findLocalStorage,
})

/** The getter itself throws where storage is forbidden. */
function findLocalStorage(): KeyValueStorage | undefined {
  try {
    return (globalThis as { localStorage?: KeyValueStorage }).localStorage
  } catch {
    return undefined
  }
}

interface Locks {
  request<T>(name: string, options: { signal: AbortSignal }, act: () => Promise<T>): Promise<T>
}

const sharedLock: SessionPlatform['withLock'] = async (name, signal, act) => {
  const locks = (globalThis.navigator as { locks?: Locks } | undefined)?.locks
  if (locks === undefined) return await localLock(name, signal, act)
  let isHeld = false
  const underLock = () => {
    isHeld = true
    return act()
  }
  try {
    return await locks.request(name, { signal }, underLock)
  } catch (error) {
    if (isHeld || !signal.aborted) throw error
    return await act()
  }
}

/** The last holder of each lock in this process, where there is no `navigator.locks`. */
const holders = new Map<string, Promise<unknown>>()

const localLock: SessionPlatform['withLock'] = async (name, signal, act) => {
  const before = holders.get(name) ?? Promise.resolve()
  const isFree = Promise.race([before, aborted(signal)])
  const mine = isFree.then(act)
  const over = mine.catch(() => undefined)
  holders.set(name, over)
  try {
    return await mine
  } finally {
    if (holders.get(name) === over) holders.delete(name)
  }
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

function openBroadcastChannel(name: string): SessionChannel | undefined {
  if (typeof BroadcastChannel === 'undefined') return undefined
  const channel = new BroadcastChannel(name)
  ;(channel as { unref?: () => void }).unref?.()
  return channel as SessionChannel
}

/** `pageshow`: a page comes back from the cache of the browser; `resume`: from being frozen. */
const wakingEvents = ['visibilitychange', 'pageshow', 'resume', 'online', 'focus']

function listenForWaking(act: () => void): () => void {
  const { document } = globalThis as { document?: EventTarget }
  const targets = [globalThis as Partial<EventTarget>, document].filter(
    target => typeof target?.addEventListener === 'function',
  ) as EventTarget[]
  for (const target of targets) for (const name of wakingEvents) target.addEventListener(name, act)
  return () => {
    for (const target of targets) for (const name of wakingEvents) target.removeEventListener(name, act)
  }
}
