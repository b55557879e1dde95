export {
  type ChangeLog,
  changeLifeMs,
  type LedgerEntry,
  type NewChange,
  sqlChangeLog,
} from './change-log.sql.ts'
export { createFollower, type Follower } from './follower.ts'
export { type ChangeFeed, sqlChangeFeed } from './ledger.sql.ts'
export type { LedgerPosition } from './ledger.ts'
