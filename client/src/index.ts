export {
  type CallInput,
  type Client,
  type ClientOptions,
  createClient,
  type Versioned,
} from './client.ts'
export { readEvents, type StreamEvent } from './event-stream.ts'
export { type FollowOptions, followEvents, type ServerEvent } from './events.ts'
export { fetchWith } from './fetch-with.ts'
export { type ListId, type RowOf, rowsOf } from './pages.ts'
export { isProblem, ProblemError, type ProblemOf, type StepUpDemand } from './problem-error.ts'
export { type HiddenTokenKey, hiddenTokenKey } from './refresh-keys.ts'
export type { SessionChannel, SessionPlatform } from './session/platform.ts'
export { createSession } from './session/session-keeper.ts'
export type { SessionKeeper, SessionOptions, SessionState } from './session/session-options.ts'
export {
  type AccessSource,
  type DeviceStore,
  type KeptPair,
  type KeyValueStorage,
  memoryTokens,
  storageTokens,
  type TokenStore,
} from './stores.ts'
export * from './types.ts'
