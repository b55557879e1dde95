export {
  type AccessSource,
  type CallInput,
  type Client,
  type ClientOptions,
  createClient,
  type DeviceStore,
  memoryTokens,
  type TokenStore,
  type Versioned,
} from './client.ts'
export { ProblemError } from './problem-error.ts'
export * from './types.ts'
