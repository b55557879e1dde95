export type { AccessClaims } from './access-claims.ts'
export type { Change, ChangeKind, ChangeOf } from './change.ts'
export {
  type Because,
  coveringActions,
  type Decision,
  type DecisionFacts,
  decide,
  everyAction,
  type Subject,
} from './decision.ts'
export { type Admission, createGate, type Gate, type Verdict } from './gate.ts'
export type { GateOptions } from './gate-options.ts'
export type { CatalogueEntry, EndedSessions, RoleState, Snapshot } from './gate-state.ts'
export type { JsonObject } from './json-object.ts'
export type { Algorithm, ImportKey, PublicJwk, PublishedKey, VerifySignature } from './published-key.ts'
export { pushingOut } from './push-out.ts'
export { readSignedToken, type SignedToken, type VerifyingKey } from './read-signed-token.ts'
export { isSessionUuid, startOfSessionMs } from './session-uuid.ts'
export type { Standing } from './standing.ts'
export type { TokenFault } from './token-fault.ts'
