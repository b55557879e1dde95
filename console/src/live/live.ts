import { type AuditEvent, followEvents, ProblemError, type ServerEvent } from '@propusk/client'
import { api, type Ending, leave, onSessionChange, reloadProfile, sessionState } from '../session/index.ts'
import { onShownChange } from './shown.ts'
import { shareAmongTabs, type TabMessage } from './tabs.ts'

/**
 * Whether events come. `lost` tells since when they have not, by the clock of the browser, and whether the server refuses
 * to send them or does not answer at all.
 */
export type LiveState =
  | { readonly status: 'off' | 'starting' | 'on' }
  | { readonly status: 'lost'; readonly sinceMs: number; readonly isRefused: boolean }

type AuditListener = (event: AuditEvent) => void

const auditListeners = new Set<AuditListener>()
const missedListeners = new Set<() => void>()
const stateListeners = new Set<() => void>()
let state: LiveState = { status: 'off' }

const subscribe =
  <Listener>(listeners: Set<Listener>) =>
  (listener: Listener) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }

export const liveState = (): LiveState => state
export const onLiveChange = subscribe(stateListeners)

/** Notified of every new event of the audit, where the person may read it. */
export const onAudit = subscribe(auditListeners)

/** Notified when events come again after a while in which some may have been missed. */
export const onMissed = subscribe(missedListeners)

/** Whether the page has followed before, and has since missed what it cannot know of. */
let isBehind = false

function become(next: LiveState): void {
  // It is as old as when events stopped coming, however often one has tried since.
  if (next.status === 'lost' && state.status === 'lost') next = { ...next, sinceMs: state.sinceMs }
  // Also where it goes on: then another stream has begun, and what came between the two is not known.
  isBehind ||= state.status === 'on'
  state = next
  for (const listener of stateListeners) listener()
  if (next.status !== 'on' || !isBehind) return
  isBehind = false
  for (const listener of missedListeners) listener()
}

let shared: ReturnType<typeof shareAmongTabs> | undefined
let restartOwn: (() => void) | undefined

/** Tries to follow again at once, instead of after the wait that has grown with each failure. */
export function retryLive(): void {
  restartOwn?.()
  shared?.retry()
}

/**
 * Follows the server's events while somebody is signed in and the page is seen: one stream for all tabs of the browser,
 * as HTTP/1.1 has six connections for them together. Called once, at start.
 */
export function startLive(): void {
  let followedId: number | undefined
  let isShown = true
  const adjust = () => {
    const session = sessionState()
    const id = session.status === 'in' && isShown ? session.profile.id : undefined
    if (id === followedId) return
    followedId = id
    shared?.stop()
    become({ status: id === undefined ? 'off' : 'starting' })
    shared = id === undefined ? undefined : shareAmongTabs(id, { receive, lead, retry: () => restartOwn?.() })
  }
  onSessionChange(adjust)
  onShownChange(shown => {
    isShown = shown
    adjust()
  })
  adjust()
}

/** Follows the stream for all tabs until `signal`; `send` reaches this tab, too. */
async function lead(signal: AbortSignal, send: (message: TabMessage) => void): Promise<void> {
  let attempt = new AbortController()
  const restart = () => attempt.abort()
  const lose = (error?: unknown) =>
    send({
      kind: 'state',
      state: { status: 'lost', sinceMs: Date.now(), isRefused: error instanceof ProblemError },
    })
  const onOffline = () => {
    lose()
    restart()
  }
  restartOwn = restart
  window.addEventListener('online', restart)
  window.addEventListener('offline', onOffline)
  try {
    while (!signal.aborted) {
      attempt = new AbortController()
      const either = AbortSignal.any([signal, attempt.signal])
      await followOnce(either, send, lose)
      if (!either.aborted) await waitFor(refusedWaitMs, either)
    }
  } finally {
    window.removeEventListener('online', restart)
    window.removeEventListener('offline', onOffline)
    if (restartOwn === restart) restartOwn = undefined
  }
}

/** A server that refuses for good may think otherwise once somebody has changed something. */
const refusedWaitMs = 15_000

async function followOnce(
  signal: AbortSignal,
  send: (message: TabMessage) => void,
  lose: (error: unknown) => void,
): Promise<void> {
  try {
    for await (const event of followEvents(api, { signal })) {
      if (event.name === 'connected') send({ kind: 'state', state: { status: 'on' } })
      else if (event.name === 'disconnected') lose(event.error)
      else send({ kind: 'event', event })
    }
  } catch (error) {
    lose(error)
  }
}

function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

function receive(message: TabMessage): void {
  if (message.kind === 'state') become(message.state)
  else heed(message.event)
}

function heed(event: ServerEvent): void {
  if (event.name === 'signed_out') leave(endingOf(event.reason ?? ''))
  if (event.name === 'rights_changed') void reloadProfile().catch(() => undefined)
  if (event.name === 'audit') for (const listener of auditListeners) listener(event.event)
  if (event.name === 'gap') for (const listener of missedListeners) listener()
}

const endings: Readonly<Record<string, Ending>> = {
  deactivated: 'deactivated',
  logout: 'signed_out',
  expired: 'expired',
  idle: 'expired',
  refresh_reuse: 'reuse',
}

const endingOf = (reason: string): Ending => endings[reason] ?? 'ended'
