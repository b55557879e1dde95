export {
  type AnchorFile,
  type AnchorText,
  anchorFileAt,
  type Checkpoint,
  checkAnchors,
  describeAnchorFault,
  readCheckpoint,
  writeCheckpoint,
} from './anchor.ts'
export { auditChain } from './audit-chain.sql.ts'
export { type AuditCutter, createAuditCutter, cutAudit, deleteCut } from './audit-cutter.ts'
export {
  type AuditAction,
  type AuditEvent,
  type AuditFilter,
  type NewAuditEvent,
  userTarget,
} from './audit-event.ts'
export { type AuditLink, AuditSigner, type AuditVerifier } from './audit-link.ts'
export { AuditLinker, mayBeUnlinkedMs } from './audit-linker.ts'
export { type AuditLog, auditLog } from './audit-log.sql.ts'
export { type HourCount, type HourCountStore, hourCountStore } from './hour-count-store.sql.ts'
export { countRun, HourCounter, hourMs } from './hour-counter.ts'
export { type OwnEvent, ownDataTarget, toOwnEvent } from './own-event.ts'
export { ownEventList, ownEventRoutes } from './own-event-routes.ts'
export { auditRoutes } from './routes.ts'
export { auditEventExample, auditList, toAuditEventBody } from './schemas.ts'
export { type AuditReport, describeAuditFault, verifyAudit } from './verify-audit.ts'
export { createEventCounting, verifyCut } from './verify-link.ts'
