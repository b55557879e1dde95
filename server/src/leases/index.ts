export { LeaderLease } from './lease.ts'
export { type LeaseName, type LeaseStore, lockRow, sqlLeaseStore } from './lease-store.sql.ts'
