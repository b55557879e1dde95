export { sqlChangeFeed, sqlChangeLog } from './change-log.sql.ts'
export type { ChangeFeed, ChangeLog, NewChange } from './change-log.ts'
export { changeLifeMs } from './change-log.ts'
export { createFollower, type Follower } from './follower.ts'
