export type { Database, Engine, Handle, OpenOptions, StoreNotice } from './database.ts'
export { hotQuery } from './hot-query.ts'
export { type MovedCounts, type MoveStep, type MoveWatcher, moveToPostgres } from './move/move-database.ts'
export { openDatabase } from './open-database.ts'
export { containing, paginate } from './paginate.ts'
export { copyDatabase, settleCopy } from './sqlite/copy-database.ts'
export { type HeldDatabase, holdDatabase, raiseSequences } from './sqlite/hold-database.ts'
export type {
  AuditSealsTable,
  BuiltInNamedTable,
  Flag,
  SessionsTable,
  SigningKeysTable,
  ThrottleCountersTable,
  UsersTable,
} from './tables.ts'
export { isUniqueViolation } from './unique-violation.ts'
