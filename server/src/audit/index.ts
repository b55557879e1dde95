export {
  type AnchorFault,
  type AnchorFile,
  type AnchorText,
  anchorFileAt,
  type Checkpoint,
  describeAnchorFault,
  judgeAnchors,
  readCheckpoint,
  writeCheckpoint,
} from './anchor.ts'
export type { SealStore } from './audit-chain.sql.ts'
export { sqlSealStore } from './audit-chain.sql.ts'
export { type AuditCutter, createAuditCutter, cutAudit, deleteCut } from './audit-cutter.ts'
export type { AuditAction, AuditEvent, NewAuditEvent } from './audit-event.ts'
export { userTarget } from './audit-event.ts'
export type { Cut, Seal } from './audit-link.ts'
export { createSealSigner, type SealSigner, type SealVerifier } from './audit-link.ts'
export { type AuditSealer, createAuditSealer, mayBeUnsealedMs } from './audit-linker.ts'
export { type AuditLog, sqlAuditLog } from './audit-log.sql.ts'
export { type HourCount, sqlTallyStore, type TallyStore } from './hour-count-store.sql.ts'
export { type AuditTallier, countRun, createAuditTallier, hourMs } from './hour-counter.ts'
export { auditRoutes } from './routes.ts'
export { auditEventExample, toAuditEventBody } from './schemas.ts'
export { type AuditReport, describeAuditFault, verifyAudit } from './verify-audit.ts'
export { createRounds, judgeCut } from './verify-link.ts'
