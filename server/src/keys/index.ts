export { changeKeys, type KeyStep, needsAdoption } from './change-keys.ts'
export { decrypt, deriveKey, encrypt } from './encryption.ts'
export { KeyRing, openSigningKey, type Signer } from './key-ring.ts'
export { sqlKeyStore } from './key-store.sql.ts'
export { readMasterKey } from './master-key.ts'
export { keyRoutes } from './routes.ts'
export {
  assertKeysInOrder,
  isPublished,
  nextOf,
  publishAheadMs,
  publishedUntilMs,
  receivedByAllMs,
  retiredMarginMs,
  type SigningKey,
  signerOf,
  toPublishedKey,
} from './signing-key.ts'
