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

/** One link names the place of a change as narrowly as this, and takes a fraction of a second to compute. */
const maxEventsPerLink = 10_000

/** So many in one round: more events than the busiest server writes in a minute, and a few seconds of one core at most. */
const maxLinksPerRound = 20

/** Events are linked within two minutes; a node that takes over from one that was killed needs some three more. */
export const mayBeUnlinkedMs = 10 * 60_000

export class AuditLinker {
  readonly #deps: Deps
  readonly #watermark: Watermark
  readonly #waiting: UnlinkedEvents
  readonly #countNext: ReturnType<typeof createEventCounting>
  #remembered: AuditLink | undefined
  #isChainKnown = false
  #found: AnchorFault | undefined

  constructor(deps: Deps) {
    const { chain, monotonicMs } = deps
    this.#deps = deps
    this.#watermark = new Watermark(() => chain.greatestEventId(), monotonicMs)
    this.#waiting = new UnlinkedEvents(monotonicMs)
    this.#countNext = createEventCounting(chain)
  }

  /**
   * Call it once, at the start. `isNew` says that the database holds no key and no event yet, `isAnchored` that a server of a
   * release that anchors has been at work on it: else the chain is taken as it is found.
   */
  async begin({
    isNew,
    isAnchored,
  }: {
    readonly isNew: boolean
    readonly isAnchored: boolean
  }): Promise<void> {
    const { chain, transaction, signer, anchorFile } = this.#deps
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
    await this.watch()
  }

  /**
   * Checks whether the chain still holds what this node knows of it, and whether its events are linked in time; gives
   * what is wrong. Each node does so each minute, whether it links or not: so it knows the chain when it takes over.
   */
  async watch(): Promise<AnchorFault | undefined> {
    const { chain, signer } = this.#deps
    this.#isChainKnown = false
    this.#found = await this.#checkChain()
    if (this.#found !== undefined) return this.#found
    this.#isChainKnown = true
    const first = await chain.firstEventAfter(this.#remembered?.lastEventId ?? 0)
    const unlinked = this.#waiting.check(first?.id)
    const { cut, fault } = await verifyCut(chain, { present: signer })
    this.#found = fault ?? (await this.#findGone(cut)) ?? unlinked
    return this.#found
  }

  /** What the last look found. */
  fault(): AnchorFault | undefined {
    return this.#found
  }

  /**
   * Links what the round before saw, if that was long enough ago, and looks how far the audit has come now. So an
   * event is linked in the second round after its writing. Gives the links that this node has made. Two nodes may do
   * it at once: one of them appends. INVARIANT: nothing is linked while the chain is not the one that is known: a link
   * over a forged run would make it whole.
   */
  async round(nowMs: EpochMs, goOn: () => boolean = () => true): Promise<readonly AuditLink[]> {
    await this.watch()
    // A fault among the events is no reason to leave the next ones unlinked.
    if (!this.#isChainKnown) return []
    const throughId = this.#watermark.reachedId(nowMs)
    const remember = (link: AuditLink) => this.#remember(link)
    const made =
      throughId === undefined
        ? []
        : await linkThrough(this.#deps, this.#remembered, { throughId, nowMs, goOn, remember })
    await this.#watermark.look(nowMs)
    return made
  }

  #remember(link: AuditLink): void {
    const { signer, anchorFile } = this.#deps
    this.#remembered = link
    const text = link.keyId === signer.keyId ? anchorText(link, signer) : undefined
    if (text !== undefined && anchorFile?.read() !== text) anchorFile?.write(text)
  }

  async #checkChain(): Promise<AnchorMismatch | undefined> {
    const { chain, signer, anchorFile } = this.#deps
    const texts = [{ place: 'database' as const, text: await chain.readAnchor() }]
    const inFile = anchorFile === undefined ? [] : [{ place: 'file' as const, text: anchorFile.read() }]
    const known = this.#remembered
    const fault = await checkAnchors({ chain, present: signer }, [...texts, ...inFile], known)
    if (fault !== undefined) return fault
    if (known !== undefined) return await this.#follow(known)
    // After a start the anchors are all that is known; they fit, so what follows them is taken.
    const newest = await chain.newest()
    if (newest !== undefined) this.#remember(newest)
    return undefined
  }

  /** What other nodes have linked since: only who has the master key can have done it. */
  async #follow(known: AuditLink): Promise<AnchorMismatch | undefined> {
    const { chain, signer } = this.#deps
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
    if (previous !== known) this.#remember(previous)
    return undefined
  }

  /** Another node may have cut them off since the cut was read. */
  async #findGone(cut: Cut | undefined) {
    const gone = await this.#countNext(cut)
    if (gone === undefined) return undefined
    const later = await this.#deps.chain.newestCut()
    return later !== undefined && later.linkPosition >= gone.link.position ? undefined : gone
  }
}

const linksPerPage = 100

/** For how long the first event that is not linked has been the same one, by the steady clock of this process. */
class UnlinkedEvents {
  readonly #monotonicMs: () => number
  #seen: { readonly id: number; readonly sinceMs: number } | undefined

  constructor(monotonicMs: () => number = () => performance.now()) {
    this.#monotonicMs = monotonicMs
  }

  check(firstEventId: number | undefined): AnchorFault | undefined {
    const nowMs = this.#monotonicMs()
    if (firstEventId === undefined) this.#seen = undefined
    else if (this.#seen?.id !== firstEventId) this.#seen = { id: firstEventId, sinceMs: nowMs }
    if (this.#seen === undefined) return undefined
    const waitedMs = nowMs - this.#seen.sinceMs
    if (waitedMs < mayBeUnlinkedMs) return undefined
    return { kind: 'unsealed', firstEventId: this.#seen.id, minutes: Math.floor(waitedMs / 60_000) }
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
