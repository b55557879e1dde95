import { type EpochMs, rowsPerSweep, type Transact } from '../kernel/index.ts'
import type { AuditChain } from './audit-chain.sql.ts'
import type { AuditLink, AuditSigner, Cut } from './audit-link.ts'
import type { AuditLog } from './audit-log.sql.ts'
import { verifyCut, verifyEvents } from './verify-link.ts'

interface CutDeps {
  /** Committed rows. */
  readonly chain: AuditChain
  readonly transaction: Transact<{
    readonly chain: AuditChain
    readonly audit: Pick<AuditLog, 'append'>
  }>
  readonly signer: AuditSigner
}

interface CutRule {
  /** Events that were linked before this instant are cut: they are at least as old. */
  readonly beforeMs: EpochMs
  /** For a person: a setting with its value, or a command. */
  readonly rule: string
  readonly nowMs: EpochMs
  /** Asked between two links. */
  readonly goOn?: (() => boolean) | undefined
}

/** A piece of work of some seconds, most of which is to compare the events with their links a last time. */
const mostEventsPerCut = 200_000
const mostLinksPerCut = 2_000
const linksPerPage = 100

/**
 * Cuts off what was linked before an instant, as far as one cut reaches: writes the signed cut and its event; the
 * events are deleted afterwards (`deleteCut`). Undefined when there is nothing to cut. INVARIANT: an event that differs
 * from what was linked is not cut, so that no cut hides a manipulation.
 */
export async function cutAudit(
  deps: CutDeps,
  { beforeMs, rule, nowMs, goOn }: CutRule,
): Promise<Cut | undefined> {
  const { chain, transaction, signer } = deps
  const { cut: last, fault } = await verifyCut(chain, { present: signer })
  if (fault !== undefined)
    throw new Error('The audit is not cut: its newest cut is not ours. Run audit verify.')
  const { reached, eventCount } = await reachOf(deps, last?.linkPosition ?? 0, { beforeMs, goOn })
  if (reached === undefined) return undefined
  const cut = signer.signCut({
    throughEventId: reached.lastEventId,
    linkPosition: reached.position,
    linkHash: reached.hash,
    eventCount,
    rule,
    cutAtMs: nowMs,
    keyId: signer.keyId,
  })
  const isOurs = await transaction(async stores => {
    if (!(await stores.chain.appendCut(cut))) return false
    const details = {
      through_event_id: cut.throughEventId,
      events: eventCount,
      rule,
      seal_position: cut.linkPosition,
      seal_hash: cut.linkHash,
    }
    const event = { actorId: null, action: 'audit.cut', target: 'audit', origin: null, details } as const
    await stores.audit.append(event, nowMs)
    return true
  })
  return isOurs ? cut : undefined
}

/** The last link that is old enough, of those that follow one another and are whole. */
async function reachOf(
  { chain, signer }: CutDeps,
  from: number,
  { beforeMs, goOn = () => true }: Pick<CutRule, 'beforeMs' | 'goOn'>,
): Promise<{ reached: AuditLink | undefined; eventCount: number }> {
  let reached: AuditLink | undefined
  let eventCount = 0
  for await (const link of linksAfter(chain, from)) {
    const isFull = eventCount >= mostEventsPerCut || link.position - from > mostLinksPerCut
    if (link.linkedAtMs >= beforeMs || isFull || !goOn()) break
    if (!(await isWhole(chain, link, signer))) {
      if (reached !== undefined) break
      throw new Error(
        `The events ${link.firstEventId} to ${link.lastEventId} of the audit are not as they were sealed, so they are not cut. Run audit verify.`,
      )
    }
    reached = link
    eventCount += link.eventCount
  }
  return { reached, eventCount }
}

async function isWhole(chain: AuditChain, link: AuditLink, signer: AuditSigner): Promise<boolean> {
  if (link.keyId === signer.keyId && !signer.hasSigned(link)) return false
  return (await verifyEvents(chain, link, { present: signer })) === undefined
}

async function* linksAfter(chain: AuditChain, from: number): AsyncGenerator<AuditLink> {
  for (let position = from; ; ) {
    const page = await chain.listAfter(position, linksPerPage)
    yield* page
    if (page.length < linksPerPage) return
    position = page.at(-1)!.position
  }
}

/** Deletes some of what the newest cut names; gives the number of rows, 0 when nothing is left. */
export async function deleteCut({ chain, transaction, signer }: CutDeps): Promise<number> {
  const { cut } = await verifyCut(chain, { present: signer })
  // INVARIANT: by a cut of the present key alone, as every other one may be made up.
  if (cut === undefined || cut.keyId !== signer.keyId) return 0
  return await transaction(stores => stores.chain.deleteEventsThrough(cut.throughEventId, rowsPerSweep))
}

export type AuditCutter = ReturnType<typeof createAuditCutter>

const dayMs = 24 * 3_600_000

interface CutterDeps extends CutDeps {
  /** Undefined keeps every event. */
  readonly keepMs: number | undefined
  /** The setting as one would write it. */
  readonly rule: string
  /** Whether the audit is as this node knows it: else nothing is cut. */
  readonly isWhole: () => boolean
}

export const createAuditCutter = ({ keepMs, rule, isWhole, ...deps }: CutterDeps) => ({
  /** Cuts off events that are a day over the limit, so that there is one cut a day, not one for each event (ADR 36). */
  async cut(nowMs: EpochMs, goOn?: () => boolean): Promise<void> {
    if (keepMs === undefined || !isWhole()) return
    const last = await deps.chain.newestCut()
    const [oldest] = await deps.chain.listAfter(last?.linkPosition ?? 0, 1)
    if (oldest === undefined || oldest.linkedAtMs >= nowMs - keepMs - dayMs) return
    await cutAudit(deps, { beforeMs: nowMs - keepMs, rule, nowMs, goOn })
  },
  /** Deletes some of what was cut off; gives how many rows. */
  deleteSome: (): Promise<number> => deleteCut(deps),
})
