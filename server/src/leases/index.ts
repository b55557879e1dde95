export { LeaderLease } from './lease.ts'
export { lockRow, sqlLeaseStore } from './lease-store.sql.ts'
