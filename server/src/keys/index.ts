export { needsAdoption } from './adopt-keys.ts'
export { changeKeys, type KeyStep } from './change-keys.ts'
export { createKeyRing, type KeyRing, type Signer } from './key-ring.ts'
export { sqlKeyStore } from './key-store.sql.ts'
export { readMasterKey } from './master-key.ts'
export { openSigningKey } from './open-signing-key.ts'
export {
  heardByAllMs,
  keySetMaxAgeSeconds,
  publishAheadMs,
  publishedUntilMs,
  retiredMarginMs,
} from './publication.ts'
export { keyRoutes } from './routes.ts'
export { deriveKey, seal, unseal } from './seal.ts'
export { importPublicKey } from './signature.ts'
export {
  assertKeysInOrder,
  isPublished,
  nextOf,
  type SigningKey,
  signerOf,
  toPublishedKey,
} from './signing-key.ts'
