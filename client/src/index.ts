export {
  type AccessSource,
  type CallInput,
  type Client,
  type ClientOptions,
  createClient,
  type DeviceStore,
  memoryTokens,
  ProblemError,
  type TokenStore,
  type Versioned,
} from './client.ts'
export * from './types.ts'
