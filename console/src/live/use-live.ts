import type { AuditEvent } from '@propusk/client'
import { useEffect, useEffectEvent, useSyncExternalStore } from 'react'
import { type LiveState, liveState, onAudit, onLiveChange } from './live.ts'

/** Whether the page hears of what happens, for the mark in its corner. */
export const useLiveState = (): LiveState => useSyncExternalStore(onLiveChange, liveState)

/** Calls back for every new event of the audit while the component is shown. */
export function useAuditEvents(listener: (event: AuditEvent) => void): void {
  const heed = useEffectEvent(listener)
  useEffect(() => onAudit(heed), [])
}
