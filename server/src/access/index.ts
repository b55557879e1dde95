export { type DecidingStores, decideFor, needsLevel } from './access-questions.ts'
export { type AccessStores, differences, record } from './access-stores.ts'
export { sqlAssignmentStore } from './assignment-store.sql.ts'
export { entryChange, maxNameCharacters, readCatalogue } from './catalogue.ts'
export { type AuthorizedUser, type DecisionStore, sqlDecisionStore } from './decision-store.sql.ts'
export { sqlCatalogueStore, sqlRoleStore } from './named-store.sql.ts'
export { type PermissionStore, sqlPermissionStore } from './permission-store.sql.ts'
export { assertCovered, assertHolds, assertMayTouch, missingFrom } from './rank.ts'
export {
  type AssigningStores,
  assertKnownRoles,
  checkRoleListLength,
  lockRoles,
  type ReplaceRoles,
  replaceRoles,
  roleListLength,
} from './replace-roles.ts'
export {
  type GrantsStore,
  type RightsStore,
  sqlGrantsStore,
  sqlRightsStore,
  type UserGrants,
} from './rights-store.sql.ts'
export { ensurePermissions, parsePermissionNames } from './role-permissions.ts'
export { accessRoutes } from './routes.ts'
export { sqlWhatIfStore } from './what-if/what-if-store.sql.ts'
