export { createLease, type Lease } from './lease.ts'
export { type LeaseName, type LeaseStore, sqlLeaseStore, takeTurn } from './lease-store.sql.ts'
