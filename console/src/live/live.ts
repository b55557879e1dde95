import { type AuditEvent, readEvents, type StreamEvent } from '@propusk/client'
import { api, type Ending, leave, onSessionChange, reloadProfile, sessionState } from '../session/index.ts'

export type LiveState = 'off' | 'connecting' | 'on'

type AuditListener = (event: AuditEvent) => void

const auditListeners = new Set<AuditListener>()
const stateListeners = new Set<() => void>()
let state: LiveState = 'off'

export const liveState = (): LiveState => state

export function onLiveChange(listener: () => void): () => void {
  stateListeners.add(listener)
  return () => stateListeners.delete(listener)
}

/** Told of every new event of the audit, for whoever may read it. */
export function onAudit(listener: AuditListener): () => void {
  auditListeners.add(listener)
  return () => auditListeners.delete(listener)
}

function become(next: LiveState): void {
  if (state === next) return
  state = next
  for (const listener of stateListeners) listener()
}

/** The wait before the next attempt, doubled after each that failed. */
const firstWaitMs = 500
const longestWaitMs = 15_000

let following: AbortController | undefined

/** Follows the server's stream of events for as long as somebody is signed in. Called once, at start. */
export function startLive(): void {
  const adjust = () => {
    const isIn = sessionState().status === 'in'
    if (isIn && following === undefined) {
      following = new AbortController()
      void follow(following.signal)
    }
    if (!isIn) {
      following?.abort()
      following = undefined
      become('off')
    }
  }
  onSessionChange(adjust)
  adjust()
}

async function follow(signal: AbortSignal): Promise<void> {
  let waitMs = firstWaitMs
  while (!signal.aborted) {
    become('connecting')
    try {
      const answer = await api.open('followEvents', { signal })
      become('on')
      waitMs = firstWaitMs
      for await (const event of readEvents(answer.body!)) heed(event)
    } catch {
      // Whatever it was, a network or a server that restarts, the next attempt will tell.
      if (signal.aborted) return
    }
    if (signal.aborted) return
    become('connecting')
    await new Promise(resolve => setTimeout(resolve, waitMs))
    waitMs = Math.min(2 * waitMs, longestWaitMs)
  }
}

function heed({ name, data }: StreamEvent): void {
  if (name === 'signed_out') leave(endingOf((JSON.parse(data) as { reason?: string }).reason))
  if (name === 'rights_changed') void reloadProfile().catch(() => undefined)
  if (name === 'audit') {
    const event = JSON.parse(data) as AuditEvent
    for (const listener of auditListeners) listener(event)
  }
}

const endings: Readonly<Record<string, Ending>> = {
  deactivated: 'deactivated',
  logout: 'signed_out',
  expired: 'expired',
  refresh_reuse: 'reuse',
}

const endingOf = (reason = ''): Ending => endings[reason] ?? 'ended'
