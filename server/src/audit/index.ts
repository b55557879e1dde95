export {
  type AnchorFault,
  type AnchorFile,
  type AnchorText,
  describeAnchorFault,
  judgeAnchors,
} from './anchor.ts'
export { anchorFileAt } from './anchor-file.ts'
export { type AuditCutter, createAuditCutter, cutAudit, deleteCut } from './audit-cutter.ts'
export { sqlAuditLog } from './audit-log.sql.ts'
export type { AuditAction, AuditEvent, AuditLog, NewAuditEvent } from './audit-log.ts'
export { createRounds } from './audit-rounds.ts'
export { type AuditSealer, createAuditSealer, mayBeUnsealedMs } from './audit-sealer.ts'
export { type AuditTallier, createAuditTallier } from './audit-tallier.ts'
export { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts'
export { countRun } from './count-run.ts'
export type { Cut } from './cut.ts'
export { describeAuditFault } from './describe-audit-fault.ts'
export { judgeCut } from './judge-cut.ts'
export { auditRoutes } from './routes.ts'
export { auditEventExample, toAuditEventBody } from './schemas.ts'
export type { Seal } from './seal.ts'
export { createSealSigner, type SealSigner, type SealVerifier } from './seal-key.ts'
export { sqlSealStore } from './seal-store.sql.ts'
export type { SealStore } from './seal-store.ts'
export { sqlTallyStore } from './tally-store.sql.ts'
export { type HourCount, hourMs, type TallyStore } from './tally-store.ts'
export { userTarget } from './user-target.ts'
export { type AuditReport, verifyAudit } from './verify-audit.ts'
