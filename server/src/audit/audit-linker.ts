import type { EpochMs, Transact } from '../kernel/index.ts'
import {
  type AnchorFault,
  type AnchorFile,
  type AnchorMismatch,
  anchorText,
  checkAnchors,
  genesis,
} from './anchor.ts'
import type { AuditChain } from './audit-chain.sql.ts'
import { type AuditLink, type AuditSigner, type Cut, linkHash, noHash } from './audit-link.ts'
import { createEventCounting, readRun, verifyCut } from './verify-link.ts'
import { Watermark } from './watermark.ts'

interface Deps {
  /** Committed rows. */
  readonly chain: AuditChain
  readonly transaction: Transact<{ readonly chain: AuditChain }>
  readonly signer: AuditSigner
  /** Where the database is a file: the newest link beside it. */
  readonly anchorFile?: AnchorFile | undefined
  /** Measures intervals. Without it the instants of the rounds say how long ago the audit was looked at. */
  readonly monotonicMs?: () => number
}

export interface AuditLinker {
  /**
   * Call it once, at the start. `isNew` says that the database holds no key and no event yet, `isAnchored` that a server of a
   * release that anchors has been at work on it: else the chain is taken as it is found.
   */
  begin(found: { readonly isNew: boolean; readonly isAnchored: boolean }): Promise<void>
  /**
   * Checks whether the chain still holds what this node knows of it, and whether its events are linked in time; gives
   * what is wrong. Each node does so each minute, whether it links or not: so it knows the chain when it takes over.
   */
  watch(): Promise<AnchorFault | undefined>
  /** What the last look found. */
  fault(): AnchorFault | undefined
  /**
   * Links what the round before saw, if that was long enough ago, and looks how far the audit has come now. So an
   * event is linked in the second round after its writing. Gives the links that this node has made. Two nodes may do
   * it at once: one of them appends. INVARIANT: nothing is linked while the chain is not the one that is known: a link
   * over a forged run would make it whole.
   */
  round(nowMs: EpochMs, goOn?: () => boolean): Promise<readonly AuditLink[]>
}

/** One link names the place of a change as narrowly as this, and takes a fraction of a second to compute. */
export const maxEventsPerLink = 10_000

/** So many in one round: more events than the busiest server writes in a minute, and a few seconds of one core at most. */
const maxLinksPerRound = 20

/** Events are linked within two minutes; a node that takes over from one that was killed needs some three more. */
export const mayBeUnlinkedMs = 10 * 60_000

export function createAuditLinker(deps: Deps): AuditLinker {
  const { chain, transaction, signer, anchorFile, monotonicMs = () => performance.now() } = deps
  const watermark = new Watermark(() => chain.greatestEventId(), deps.monotonicMs)
  const waiting = createWaiting(monotonicMs)
  const countNext = createEventCounting(chain)
  let remembered: AuditLink | undefined
  let isChainKnown = false
  let found: AnchorFault | undefined

  const remember = (link: AuditLink) => {
    remembered = link
    const text = link.keyId === signer.keyId ? anchorText(link, signer) : undefined
    if (text !== undefined && anchorFile?.read() !== text) anchorFile?.write(text)
  }

  const checkChain = async (): Promise<AnchorMismatch | undefined> => {
    const texts = [{ place: 'database' as const, text: await chain.readAnchor() }]
    const inFile = anchorFile === undefined ? [] : [{ place: 'file' as const, text: anchorFile.read() }]
    const fault = await checkAnchors({ chain, present: signer }, [...texts, ...inFile], remembered)
    if (fault !== undefined) return fault
    return remembered === undefined ? await takeFirst() : await follow(remembered)
  }

  /** After a start the anchors are all that is known; they fit, so what follows them is taken. */
  const takeFirst = async () => {
    const newest = await chain.newest()
    if (newest !== undefined) remember(newest)
    return undefined
  }

  /** What other nodes have linked since: only who has the master key can have done it. */
  const follow = async (known: AuditLink): Promise<AnchorMismatch | undefined> => {
    let previous = known
    for (;;) {
      const page = await chain.listAfter(previous.position, linksPerPage)
      for (const link of page) {
        const follows = link.position === previous.position + 1 && link.previousHash === previous.hash
        if (!follows || !signer.hasSigned(link)) return { kind: 'seal not ours', position: link.position }
        previous = link
      }
      if (page.length < linksPerPage) break
    }
    if (previous !== known) remember(previous)
    return undefined
  }

  /** Another node may have cut them off since the cut was read. */
  const findGone = async (cut: Cut | undefined) => {
    const gone = await countNext(cut)
    if (gone === undefined) return undefined
    const later = await chain.newestCut()
    return later !== undefined && later.linkPosition >= gone.link.position ? undefined : gone
  }

  const watch = async () => {
    isChainKnown = false
    found = await checkChain()
    if (found !== undefined) return found
    isChainKnown = true
    const first = await chain.firstEventAfter(remembered?.lastEventId ?? 0)
    const unlinked = waiting.check(first?.id)
    const { cut, fault } = await verifyCut(chain, { present: signer })
    found = fault ?? (await findGone(cut)) ?? unlinked
    return found
  }

  return {
    watch,
    fault: () => found,
    async begin({ isNew, isAnchored }) {
      const inDatabase = await chain.readAnchor()
      if (isNew || (inDatabase === undefined && !isAnchored)) {
        const newest = await chain.newest()
        // A chain of a former master key is anchored with its first link of this one.
        const isOurs = newest !== undefined && signer.hasSigned(newest)
        const text = anchorText(isOurs ? newest : genesis(signer), signer)
        await transaction(stores => stores.chain.writeAnchor(text))
        // A file of an earlier database says nothing about this one; a file of this one stays.
        if (isNew || anchorFile?.read() === undefined) anchorFile?.write(text)
      }
      await watch()
    },
    async round(nowMs, goOn = () => true) {
      await watch()
      // A fault among the events is no reason to leave the next ones unlinked.
      if (!isChainKnown) return []
      const throughId = watermark.reachedId(nowMs)
      const made =
        throughId === undefined
          ? []
          : await linkThrough(deps, remembered, { throughId, nowMs, goOn, remember })
      await watermark.look(nowMs)
      return made
    },
  }
}

const linksPerPage = 100

/** For how long the first event that is not linked has been the same one, by the steady clock of this process. */
function createWaiting(monotonicMs: () => number) {
  let seen: { readonly id: number; readonly sinceMs: number } | undefined
  return {
    check(firstEventId: number | undefined): AnchorFault | undefined {
      if (firstEventId === undefined) seen = undefined
      else if (seen?.id !== firstEventId) seen = { id: firstEventId, sinceMs: monotonicMs() }
      if (seen === undefined) return undefined
      const waitedMs = monotonicMs() - seen.sinceMs
      if (waitedMs < mayBeUnlinkedMs) return undefined
      return { kind: 'unsealed', firstEventId: seen.id, minutes: Math.floor(waitedMs / 60_000) }
    },
  }
}

interface Limits {
  readonly throughId: number
  readonly nowMs: EpochMs
  readonly goOn: () => boolean
  readonly remember: (link: AuditLink) => void
}

/** Links whatever is not linked yet up to this id, which must have settled. */
async function linkThrough(
  deps: Deps,
  remembered: AuditLink | undefined,
  { throughId, nowMs, goOn, remember }: Limits,
): Promise<readonly AuditLink[]> {
  const made: AuditLink[] = []
  // INVARIANT: never from what the table says now: links that are removed in this moment are not made anew.
  let newest = remembered
  while (made.length < maxLinksPerRound && (newest?.lastEventId ?? 0) < throughId && goOn()) {
    const link = await nextLink(deps, newest, { throughId, nowMs })
    if (link === undefined || !(await append(deps, link))) break
    remember(link)
    made.push(link)
    newest = link
  }
  return made
}

const append = ({ transaction, signer }: Deps, link: AuditLink): Promise<boolean> =>
  transaction(async ({ chain }) => {
    const isAppended = await chain.append(link)
    if (isAppended) await chain.writeAnchor(anchorText(link, signer))
    return isAppended
  })

/**
 * The link of the next run; undefined when no event is left there, which only happens after events were deleted from
 * the database.
 */
async function nextLink(
  { chain, signer }: Deps,
  previous: AuditLink | undefined,
  { throughId, nowMs }: Pick<Limits, 'throughId' | 'nowMs'>,
): Promise<AuditLink | undefined> {
  const opening = {
    position: (previous?.position ?? 0) + 1,
    firstEventId: (previous?.lastEventId ?? 0) + 1,
    previousHash: previous?.hash ?? noHash,
    linkedAtMs: nowMs,
    keyId: signer.keyId,
  }
  const hash = linkHash(opening)
  let closing = { lastEventId: 0, eventCount: 0 }
  const range = { afterId: previous?.lastEventId ?? null, throughId }
  for await (const { id, columns } of readRun(chain, range, maxEventsPerLink)) {
    hash.add(columns)
    closing = { lastEventId: id, eventCount: closing.eventCount + 1 }
  }
  if (closing.eventCount === 0) return undefined
  return signer.sign({ ...opening, ...closing, hash: hash.finish(closing) })
}
