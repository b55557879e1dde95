export { changeKeys, type KeyStep, needsAdoption } from './change-keys.ts'
export { deriveKey, seal, unseal } from './encryption.ts'
export { createKeyRing, type KeyRing, openSigningKey, type Signer } from './key-ring.ts'
export { sqlKeyStore } from './key-store.sql.ts'
export { readMasterKey } from './master-key.ts'
export { keyRoutes } from './routes.ts'
export {
  assertKeysInOrder,
  heardByAllMs,
  importPublicKey,
  isPublished,
  keySetMaxAgeSeconds,
  nextOf,
  publishAheadMs,
  publishedUntilMs,
  retiredMarginMs,
  type SigningKey,
  signerOf,
  toPublishedKey,
} from './signing-key.ts'
