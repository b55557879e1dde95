export { sqlAuditLog } from './audit-log.sql.ts'
export type {
  AuditAction,
  AuditEvent,
  AuditFilter,
  AuditLog,
  AuditOutcome,
  NewAuditEvent,
} from './audit-log.ts'
export { auditActions } from './audit-log.ts'
export { auditRoutes } from './routes.ts'
