export type { AccessClaims } from './access-claims.ts'
export type { Change, ChangeKind, ChangeOf } from './change.ts'
export {
  coveringActions,
  type Decision,
  type DecisionFacts,
  decide,
  everyAction,
  type Reason,
  type Subject,
} from './decision.ts'
export { type Authentication, createGate, type Gate, type GateOptions, type Verdict } from './gate.ts'
export type { CatalogueEntry, EndedSessions, RoleState, Snapshot, SnapshotLists } from './gate-state.ts'
export type { Grants } from './grants.ts'
export type { Algorithm, ImportKey, PublicJwk, PublishedKey, VerifySignature } from './published-key.ts'
export { pushingOut } from './push-out.ts'
export {
  type JsonObject,
  readSignedToken,
  type SignedToken,
  type TokenRejection,
  type VerifyingKey,
} from './read-signed-token.ts'
export { isSessionId, startOfSessionMs } from './session-table.ts'
export {
  type Acr,
  type AuthenticationRequirement,
  authenticationOf,
  type CallerAuthentication,
  isAuthenticatedEnough,
  levelOf,
  stepUpChallenge,
} from './step-up.ts'
