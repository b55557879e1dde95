import type { AuditCutter, AuditLinker, HourCounter } from './audit/index.ts'
import type { ChangeLog } from './changes/index.ts'
import type { FactorStore, PasskeyStore } from './factors/index.ts'
import { type InvitationStore, keepInvitationsMs } from './invitations/index.ts'
import type { Clock, EpochMs, Transact } from './kernel/index.ts'
import { keptMails, type OutboxStore } from './mail/index.ts'
import type { NodeStore } from './nodes/index.ts'
import type { ProofStore } from './proofs/index.ts'
import type { RememberedDeviceStore } from './remembered-devices/index.ts'
import { type MassLogoutStore, type SessionStore, settleMassLogouts } from './sessions/index.ts'
import type { TicketStore } from './sign-in/index.ts'
import {
  refillMsByKind,
  type ThrottleSettings,
  type ThrottleStore,
  throttleLimits,
} from './throttle/index.ts'
import type { RefreshTokenStore } from './tokens/index.ts'

/** How long things are kept that nothing needs any more; undefined for ever. */
interface KeepSettings {
  readonly keepSessionsSeconds: number | undefined
  readonly keepOriginsSeconds: number | undefined
}

export interface HousekeepingDeps {
  readonly clock: Clock
  readonly transaction: Transact<{
    readonly sessions: SessionStore
    readonly massLogouts: MassLogoutStore
    readonly refreshTokens: RefreshTokenStore
    readonly changes: Pick<ChangeLog, 'deleteExpired'>
    readonly throttle: ThrottleStore
    readonly proofs: Pick<ProofStore, 'deleteExpired'>
    readonly invitations: Pick<InvitationStore, 'deleteOld'>
    readonly outbox: Pick<OutboxStore, 'deleteFinished'>
    readonly tickets: Pick<TicketStore, 'deleteExpired'>
    readonly rememberedDevices: Pick<RememberedDeviceStore, 'deleteExpired'>
    readonly factors: Pick<FactorStore, 'deleteUnconfirmed'>
    readonly passkeys: Pick<PasskeyStore, 'deleteExpiredChallenges'>
    readonly nodes: NodeStore
    readonly nameKeys: { fill(): Promise<number> }
  }>
  readonly config: ThrottleSettings & KeepSettings
  /** Makes a new signing key when the current one is old enough; does nothing otherwise. */
  readonly rotateDueKey: () => Promise<void>
  /** Seals what was written to the audit; nothing is sealed unless given. */
  readonly auditLinker?: Pick<AuditLinker, 'round'>
  /** Counts by the hour what was written to the audit; nothing is counted unless given. */
  readonly auditTallier?: Pick<HourCounter, 'round'>
  /** Cuts off what of the audit is old enough; nothing is cut unless given. */
  readonly auditCutter?: AuditCutter
  /** Asked between two pieces of work: whether this node is still to do the next one. Always, unless given. */
  readonly goOn?: () => boolean
}

/** One round: everything in it lives in one instant. */
type Round = Required<Omit<HousekeepingDeps, 'clock'>> & { readonly nowMs: EpochMs }

type Step = (round: Round) => Promise<void>

/** A step that failed, by its name. */
export interface HousekeepingFailure {
  readonly step: string
  readonly cause: unknown
}

/**
 * What is done in a round, in this order; a new step is one more function here. INVARIANT: each may run on every node
 * at once and twice over, as the lease is no guard: it changes only rows whose time is past, or decides again in the
 * transaction that writes.
 */
const steps: readonly Step[] = [
  endExpiredSessions,
  endLeftSessions,
  deleteExpiredTokens,
  eraseOldOrigins,
  deleteOldSessions,
  deleteExpiredChanges,
  deleteForgottenCounters,
  deleteExpiredProofs,
  deleteOldInvitations,
  deleteExpiredTickets,
  deleteExpiredDevices,
  deleteLeftEnrolments,
  deleteFinishedMails,
  deleteExpiredChallenges,
  rotateKeyIfDue,
  linkAudit,
  tallyAudit,
  cutAudit,
  deleteCutEvents,
  deleteUnseenNodes,
  fillNameKeys,
]

/** A consumed or expired refresh token says who reused it for as long as its session could have lived; then it goes. */
const keepExpiredTokensMs = 24 * 3_600_000

/**
 * A clock that was hours ahead for a moment must not have cleared away changes, or proofs, that still count once it
 * is right again: hardware clocks that run in another time zone are up to 14 hours off.
 */
const keepExpiredChangesMs = 24 * 3_600_000

/** A node that was killed leaves its row: for a day it says that it was there. */
const keepUnseenNodesMs = 24 * 3_600_000

/** So many rows of one step at the most in one round: those of a minute in which a server was as busy as it can be. */
const mostRows = 300_000

/**
 * Ends what has expired and removes rows that are of no use any more: one round, without regard to the lease. A failing
 * step does not stop the other steps; gives those that failed.
 */
export async function runHousekeeping({
  clock,
  ...deps
}: HousekeepingDeps): Promise<readonly HousekeepingFailure[]> {
  const auditLinker = { round: async () => [] }
  const auditTallier = { round: async () => {} }
  const auditCutter = { cut: async () => {}, deleteSome: async () => 0 }
  const nowMs = clock.nowMs()
  const round: Round = {
    goOn: () => true,
    auditLinker: auditLinker,
    auditTallier,
    auditCutter,
    ...deps,
    nowMs,
  }
  const failures: HousekeepingFailure[] = []
  for (const step of steps) {
    if (!round.goOn()) break
    await step(round).catch(cause => failures.push({ step: step.name, cause }))
  }
  return failures
}

async function endExpiredSessions({ transaction, nowMs, goOn }: Round): Promise<void> {
  await sweep(goOn, () => transaction(({ sessions }) => sessions.endExpired(nowMs)))
}

async function endLeftSessions({ transaction, nowMs, goOn }: Round): Promise<void> {
  await sweep(goOn, () => transaction(stores => settleMassLogouts(stores, nowMs)))
}

async function deleteExpiredTokens({ transaction, nowMs, goOn }: Round): Promise<void> {
  const beforeMs = nowMs - keepExpiredTokensMs
  await sweep(goOn, () => transaction(({ refreshTokens }) => refreshTokens.deleteExpired(beforeMs)))
}

/** The address and the user agent of a session that ended so long ago are of no use (ADR 36). */
async function eraseOldOrigins({ transaction, config, nowMs, goOn }: Round): Promise<void> {
  const keepSeconds = config.keepOriginsSeconds
  if (keepSeconds === undefined) return
  const beforeMs = nowMs - keepSeconds * 1000
  await sweep(goOn, () => transaction(({ sessions }) => sessions.eraseOldOrigins(beforeMs)))
}

async function deleteOldSessions({ transaction, config, nowMs, goOn }: Round): Promise<void> {
  const keepSeconds = config.keepSessionsSeconds
  if (keepSeconds === undefined) return
  const beforeMs = nowMs - keepSeconds * 1000
  await sweep(goOn, () => transaction(({ sessions }) => sessions.deleteOld(beforeMs)))
}

async function deleteExpiredChanges({ transaction, nowMs, goOn }: Round): Promise<void> {
  const beforeMs = nowMs - keepExpiredChangesMs
  await sweep(goOn, () => transaction(({ changes }) => changes.deleteExpired(beforeMs)))
}

async function deleteForgottenCounters({ transaction, config, nowMs, goOn }: Round): Promise<void> {
  const refillMsOf = refillMsByKind(throttleLimits(config))
  return sweep(goOn, () => transaction(({ throttle }) => throttle.deleteForgotten(refillMsOf, nowMs)))
}

async function deleteExpiredProofs({ transaction, nowMs, goOn }: Round): Promise<void> {
  const beforeMs = nowMs - keepExpiredChangesMs
  await sweep(goOn, () => transaction(({ proofs }) => proofs.deleteExpired(beforeMs)))
}

async function deleteOldInvitations({ transaction, nowMs, goOn }: Round): Promise<void> {
  await sweep(goOn, () => transaction(({ invitations }) => invitations.deleteOld(nowMs - keepInvitationsMs)))
}

async function deleteExpiredTickets({ transaction, nowMs, goOn }: Round): Promise<void> {
  const beforeMs = nowMs - keepExpiredChangesMs
  await sweep(goOn, () => transaction(({ tickets }) => tickets.deleteExpired(beforeMs)))
}

async function deleteExpiredDevices({ transaction, nowMs, goOn }: Round): Promise<void> {
  const beforeMs = nowMs - keepExpiredChangesMs
  await sweep(goOn, () => transaction(({ rememberedDevices }) => rememberedDevices.deleteExpired(beforeMs)))
}

async function deleteLeftEnrolments({ transaction, nowMs, goOn }: Round): Promise<void> {
  const beforeMs = nowMs - keepExpiredChangesMs
  await sweep(goOn, () => transaction(({ factors }) => factors.deleteUnconfirmed(beforeMs)))
}

async function deleteFinishedMails({ transaction, nowMs, goOn }: Round): Promise<void> {
  for (const { states, keepMs } of keptMails) {
    await sweep(goOn, () => transaction(({ outbox }) => outbox.deleteFinished(states, nowMs - keepMs)))
  }
}

async function deleteExpiredChallenges({ transaction, nowMs, goOn }: Round): Promise<void> {
  const beforeMs = nowMs - keepExpiredChangesMs
  await sweep(goOn, () => transaction(({ passkeys }) => passkeys.deleteExpiredChallenges(beforeMs)))
}

async function rotateKeyIfDue({ rotateDueKey }: Round): Promise<void> {
  await rotateDueKey()
}

async function linkAudit({ auditLinker, nowMs, goOn }: Round): Promise<void> {
  await auditLinker.round(nowMs, goOn)
}

async function tallyAudit({ auditTallier, nowMs, goOn }: Round): Promise<void> {
  await auditTallier.round(nowMs, goOn)
}

async function cutAudit({ auditCutter, nowMs, goOn }: Round): Promise<void> {
  await auditCutter.cut(nowMs, goOn)
}

async function deleteCutEvents({ auditCutter, goOn }: Round): Promise<void> {
  await sweep(goOn, () => auditCutter.deleteSome())
}

async function deleteUnseenNodes({ transaction, nowMs }: Round): Promise<void> {
  await transaction(({ nodes }) => nodes.deleteUnseenSince(nowMs - keepUnseenNodesMs))
}

/** After an upgrade, and of names that an older release writes beside this one. */
async function fillNameKeys({ transaction, goOn }: Round): Promise<void> {
  await sweep(goOn, () => transaction(({ nameKeys }) => nameKeys.fill()))
}

/** Short transactions, one after the other, until nothing is left to do: others write in between. */
async function sweep(goOn: () => boolean, once: () => Promise<number>): Promise<void> {
  for (let rows = 0; rows < mostRows && goOn(); ) {
    const swept = await once()
    if (swept === 0) return
    rows += swept
  }
}
