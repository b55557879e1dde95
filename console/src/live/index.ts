export { type LiveState, liveState, onAudit, onLiveChange, onMissed, retryLive, startLive } from './live.ts'
export { refreshStaleQueries } from './stale-queries.ts'
export { useAuditEvents, useLiveState } from './use-live.ts'
