export { createLease, type Lease } from './lease.ts'
export { sqlLeaseStore } from './lease-store.sql.ts'
export type { LeaseName, LeaseStore } from './lease-store.ts'
export { takeTurn } from './take-turn.sql.ts'
