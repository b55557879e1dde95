export type { ApiKeysTable, BuiltInNamedTable, ForwardRulesTable } from './access-tables.ts'
export type { AuditCutsTable, AuditSealsTable } from './audit-tables.ts'
export type { Database, Engine, Handle, OpenOptions, StoreNotice } from './database.ts'
export { engineOf, isUniqueViolation, lockRows } from './engine.ts'
export type { FactorsTable, RememberedDevicesTable, SignInTicketsTable } from './factor-tables.ts'
export type { Flag } from './flag.ts'
export type { InvitationsTable } from './invitation-tables.ts'
export { countFiltered } from './list-query/count-filtered.ts'
export { fillNameKeys, nameOrder } from './list-query/name-order.ts'
export {
  type PageBounds,
  pageBounds,
  pageOf,
  paginate,
  readsDescending,
} from './list-query/paginate.ts'
export { hideFromIndex, type ListFilter, paginateFiltered } from './list-query/paginate-filtered.ts'
export { containing, searchUsers } from './list-query/search-users.ts'
export { spellingsOf } from './list-query/spellings.ts'
export type { MailOutboxTable } from './mail-tables.ts'
export { type MovedCounts, type MoveStep, type MoveWatcher, moveToPostgres } from './move/move-database.ts'
export { openDatabase } from './open-database.ts'
export { preparedQuery, preparedRow } from './prepared-query.ts'
export {
  copyDatabase,
  type HeldDatabase,
  holdDatabase,
  raiseSequences,
  settleCopy,
} from './sqlite/copy-database.ts'
export { sweepExpired } from './sweep-expired.ts'
export type {
  MassLogoutsTable,
  NodesTable,
  ProofsTable,
  SessionsTable,
  SigningKeysTable,
  ThrottleCountersTable,
  UsersTable,
} from './tables.ts'
