export { type CallInput, type Client, type ClientOptions, createClient, type Versioned } from './client.ts'
export { ProblemError } from './problem-error.ts'
export { type AccessSource, type DeviceStore, memoryTokens, type TokenStore } from './token-store.ts'
export * from './types.ts'
