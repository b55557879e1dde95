export { sqlAuditLog } from './audit-log.sql.ts'
export type { AuditAction, AuditLog } from './audit-log.ts'
export { auditRoutes } from './routes.ts'
export { userTarget } from './user-target.ts'
