export type { Database, Engine, Handle, OpenOptions, StoreNotice } from './database.ts'
export { engineOf } from './engine-of.ts'
export { hotQuery, hotRow } from './hot-query.ts'
export { lockRows } from './lock-rows.ts'
export { type MovedCounts, type MoveStep, type MoveWatcher, moveToPostgres } from './move/move-database.ts'
export { fillNameKeys, nameOrder } from './name-order.ts'
export { openDatabase } from './open-database.ts'
export type { OrderKeys, Position } from './order-keys.ts'
export { containing, type PageBounds, pageOf, paginate, readsDownwards } from './paginate.ts'
export { type Condition, paginateSelected, unindexed } from './paginate-selected.ts'
export { type Search, searchUsers } from './search-index.ts'
export { copyDatabase, settleCopy } from './sqlite/copy-database.ts'
export { type HeldDatabase, holdDatabase, raiseSequences } from './sqlite/hold-database.ts'
export type {
  AuditCutsTable,
  AuditSealsTable,
  BuiltInNamedTable,
  Flag,
  MassLogoutsTable,
  NodesTable,
  SessionsTable,
  SigningKeysTable,
  ThrottleCountersTable,
  UsersTable,
} from './tables.ts'
export { isUniqueViolation } from './unique-violation.ts'
