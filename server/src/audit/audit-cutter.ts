import { type EpochMs, rowsPerSweep, type Transact } from '../kernel/index.ts'
import type { SealStore } from './audit-chain.sql.ts'
import type { Cut, Seal, SealSigner } from './audit-link.ts'
import type { AuditLog } from './audit-log.sql.ts'
import { judgeCut, judgeEvents } from './verify-link.ts'

export interface CutDeps {
  /** Committed rows. */
  readonly seals: SealStore
  readonly transaction: Transact<{
    readonly seals: SealStore
    readonly audit: Pick<AuditLog, 'append'>
  }>
  readonly signer: SealSigner
}

export interface CutRule {
  /** Events that were sealed before this instant are cut: they are at least as old. */
  readonly beforeMs: EpochMs
  /** For a person: a setting with its value, or a command. */
  readonly rule: string
  readonly nowMs: EpochMs
  /** Asked between two seals. */
  readonly goOn?: (() => boolean) | undefined
}

/** A piece of work of some seconds, most of which is to compare the events with their seals a last time. */
const mostEventsPerCut = 200_000
const mostSealsPerCut = 2_000
const sealsPerPage = 100

/**
 * Cuts off what was sealed before an instant, as far as one cut reaches: writes the signed cut and its event; the
 * events are deleted afterwards (`deleteCut`). Undefined when there is nothing to cut. INVARIANT: an event that differs
 * from what was sealed is not cut, so that no cut hides a manipulation.
 */
export async function cutAudit(
  deps: CutDeps,
  { beforeMs, rule, nowMs, goOn }: CutRule,
): Promise<Cut | undefined> {
  const { seals, transaction, signer } = deps
  const { cut: last, fault } = await judgeCut(seals, { present: signer })
  if (fault !== undefined)
    throw new Error('The audit is not cut: its newest cut is not ours. Run audit verify.')
  const { reached, eventCount } = await reachOf(deps, last?.sealPosition ?? 0, { beforeMs, goOn })
  if (reached === undefined) return undefined
  const cut = signer.signCut({
    throughEventId: reached.lastEventId,
    sealPosition: reached.position,
    sealHash: reached.hash,
    eventCount,
    rule,
    cutAtMs: nowMs,
    keyId: signer.keyId,
  })
  const isOurs = await transaction(async stores => {
    if (!(await stores.seals.appendCut(cut))) return false
    const details = {
      through_event_id: cut.throughEventId,
      events: eventCount,
      rule,
      seal_position: cut.sealPosition,
      seal_hash: cut.sealHash,
    }
    const event = { actorId: null, action: 'audit.cut', target: 'audit', origin: null, details } as const
    await stores.audit.append(event, nowMs)
    return true
  })
  return isOurs ? cut : undefined
}

/** The last seal that is old enough, of those that follow one another and are whole. */
async function reachOf(
  { seals, signer }: CutDeps,
  from: number,
  { beforeMs, goOn = () => true }: Pick<CutRule, 'beforeMs' | 'goOn'>,
): Promise<{ reached: Seal | undefined; eventCount: number }> {
  let reached: Seal | undefined
  let eventCount = 0
  for await (const seal of sealsAfter(seals, from)) {
    const isFull = eventCount >= mostEventsPerCut || seal.position - from > mostSealsPerCut
    if (seal.sealedAtMs >= beforeMs || isFull || !goOn()) break
    if (!(await isWhole(seals, seal, signer))) {
      if (reached !== undefined) break
      throw new Error(
        `The events ${seal.firstEventId} to ${seal.lastEventId} of the audit are not as they were sealed, so they are not cut. Run audit verify.`,
      )
    }
    reached = seal
    eventCount += seal.eventCount
  }
  return { reached, eventCount }
}

async function isWhole(seals: SealStore, seal: Seal, signer: SealSigner): Promise<boolean> {
  if (seal.keyId === signer.keyId && !signer.hasSigned(seal)) return false
  return (await judgeEvents(seals, seal, { present: signer })) === undefined
}

async function* sealsAfter(seals: SealStore, from: number): AsyncGenerator<Seal> {
  for (let position = from; ; ) {
    const page = await seals.listAfter(position, sealsPerPage)
    yield* page
    if (page.length < sealsPerPage) return
    position = page.at(-1)!.position
  }
}

/** Deletes some of what the newest cut names; gives the number of rows, 0 when nothing is left. */
export async function deleteCut({ seals, transaction, signer }: CutDeps): Promise<number> {
  const { cut } = await judgeCut(seals, { present: signer })
  // INVARIANT: by a cut of the present key alone, as every other one may be made up.
  if (cut === undefined || cut.keyId !== signer.keyId) return 0
  return await transaction(stores => stores.seals.deleteEventsThrough(cut.throughEventId, rowsPerSweep))
}

export interface AuditCutter {
  /** Cuts off events that are a day over the limit, so that there is one cut a day, not one for each event. */
  cut(nowMs: EpochMs, goOn?: () => boolean): Promise<void>
  /** Deletes some of what was cut off; gives how many rows. */
  deleteSome(): Promise<number>
}

const dayMs = 24 * 3_600_000

interface CutterDeps extends CutDeps {
  /** Undefined keeps every event. */
  readonly keepMs: number | undefined
  /** The setting as one would write it. */
  readonly rule: string
  /** Whether the audit is as this node knows it: else nothing is cut. */
  readonly isWhole: () => boolean
}

export const createAuditCutter = ({ keepMs, rule, isWhole, ...deps }: CutterDeps): AuditCutter => ({
  async cut(nowMs, goOn) {
    if (keepMs === undefined || !isWhole()) return
    const last = await deps.seals.newestCut()
    const [oldest] = await deps.seals.listAfter(last?.sealPosition ?? 0, 1)
    if (oldest === undefined || oldest.sealedAtMs >= nowMs - keepMs - dayMs) return
    await cutAudit(deps, { beforeMs: nowMs - keepMs, rule, nowMs, goOn })
  },
  deleteSome: () => deleteCut(deps),
})
