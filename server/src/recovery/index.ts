export type { RecoveryDeps, RecoveryStores } from './recovery.ts'
export { recoveryRoutes } from './routes.ts'
