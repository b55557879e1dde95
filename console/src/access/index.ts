export type { AccessChange } from './access-change.ts'
export { inOrder } from './action-order.ts'
export { applyChanges, inverseOf } from './apply-changes.ts'
export { BlastRadius } from './blast-radius.tsx'
export { builtInActions, builtInResources, inGroups, isBuiltInResource } from './built-ins.ts'
export { changeRoles, type RoleChange } from './change-roles.ts'
export { useEntryName } from './entry-names.ts'
export { findByNames, finds, textsOf } from './entry-search.ts'
export { EntrySelect } from './entry-select.tsx'
export {
  grantedQuery,
  type HigherRank,
  useFirstNotHeld,
  useGrantRefusal,
  useHigherRank,
  useHigherRanks,
} from './granted.ts'
export { PermissionCell } from './grid/permission-cell.tsx'
export { cellKey, type Place } from './grid/place.ts'
export { useCellGrid } from './grid/use-cell-grid.ts'
export { naturally } from './natural-order.ts'
export {
  changePermissions,
  changesOf,
  inverse,
  type PermissionChanges,
  toAccessChanges,
} from './permission-changes.ts'
export { UnsavedGuard } from './unsaved-guard.tsx'
export { useNamedList } from './use-named-list.ts'
export { useMayPreview, usePreview } from './use-preview.ts'
export { useRefresh } from './use-refresh.ts'
export { useWholeList } from './use-whole-list.ts'
