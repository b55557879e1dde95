export {
  type ChangeLog,
  changeLifeMs,
  type LedgerEntry,
  type NewChange,
  sqlChangeLog,
} from './change-log.sql.ts'
export { createFollower, type Follower } from './follower.ts'
export { sqlChangeFeed } from './ledger.sql.ts'
export type { ChangeFeed, LedgerPosition, LedgerState, Reading } from './ledger.ts'
