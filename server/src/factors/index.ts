export { actByFactor, byPasskeyAlone, methodsOf } from './act-by-factor.ts'
export type { Factor, FactorMethod } from './factor.ts'
export { factorMethods } from './factor-methods.ts'
export { type FactorStore, sqlFactorStore } from './factor-store.sql.ts'
export { passkeyRoutes } from './passkey-routes.ts'
export {
  PasskeyRequestBody,
  passkeyRequestExample,
  SignedPasskeyField,
  signedPasskeyExample,
} from './passkey-schemas.ts'
export { type PasskeyStore, sqlPasskeyStore } from './passkey-store.sql.ts'
export { type AuthenticationResponseJSON, createPasskeys } from './passkeys.ts'
export type {
  FactorDeps,
  FactorStores,
  PresentedFactor,
} from './prove-factor.ts'
export { type RecoveryCodeStore, sqlRecoveryCodeStore } from './recovery-code-store.sql.ts'
export { recordFactorReset, resetFactors } from './reset-factors.ts'
export { factorRoutes } from './routes.ts'
export { assertOneFactor, FactorBody, FactorFields, factorExample, toFactorBody } from './schemas.ts'
export { userFactorRoutes } from './user-factor-routes.ts'
export { wrongFactor } from './wrong-factor.ts'
