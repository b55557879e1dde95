export {
  type ConnectedGate,
  type ConnectOptions,
  connectGate,
  type GateConnectionState,
  type GateVerdict,
  type VerdictReason,
} from './connect-gate.ts'
export * from './core.ts'
export { FeedRejected } from './follow-feed.ts'
