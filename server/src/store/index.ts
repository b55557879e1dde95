export type {
  Database,
  Engine,
  Handle,
  MigrationState,
  OpenOptions,
  StoreNotice,
  StoreTimeouts,
} from './database.ts'
export { defaultTimeouts } from './database.ts'
export { openDatabase } from './open-database.ts'
export { containing, paginate } from './paginate.ts'
export type * from './tables.ts'
export { isUniqueViolation } from './unique-violation.ts'
