export {
  type ConnectedGate,
  type ConnectOptions,
  connectGate,
  type GateConnectionState,
} from './connect-gate.ts'
export * from './core.ts'
export { FeedRejected } from './feed-faults.ts'
export type { Allowed, GateVerdict, Principal, Refused, VerdictReason } from './verdict.ts'
