import type { EpochMs, Transact } from '../kernel/index.ts'
import {
  type AnchorFault,
  type AnchorFile,
  anchorText,
  type ChainFault,
  genesis,
  judgeAnchors,
} from './anchor.ts'
import type { SealStore } from './audit-chain.sql.ts'
import { type Cut, noHash, type Seal, type SealSigner, sealHash } from './audit-link.ts'
import { createRounds, judgeCut, readRun } from './verify-link.ts'
import { createSettledMark } from './watermark.ts'

interface Deps {
  /** Committed rows. */
  readonly seals: SealStore
  readonly transaction: Transact<{ readonly seals: SealStore }>
  readonly signer: SealSigner
  /** Where the database is a file: the newest seal beside it. */
  readonly anchorFile?: AnchorFile | undefined
  /** Measures intervals. Without it the instants of the rounds say how long ago the audit was looked at. */
  readonly monotonicMs?: () => number
}

export interface AuditSealer {
  /**
   * Call it once, at the start. `isNew` says that the database holds no key and no event yet, `isAnchored` that a server of a
   * release that anchors has been at work on it: else the chain is taken as it is found.
   */
  begin(found: { readonly isNew: boolean; readonly isAnchored: boolean }): Promise<void>
  /**
   * Checks whether the chain still holds what this node knows of it, and whether its events are sealed in time; gives
   * what is wrong. Each node does so each minute, whether it seals or not: so it knows the chain when it takes over.
   */
  watch(): Promise<AnchorFault | undefined>
  /** What the last look found. */
  fault(): AnchorFault | undefined
  /**
   * Seals what the round before saw, if that was long enough ago, and looks how far the audit has come now. So an
   * event is sealed in the second round after its writing. Gives the seals that this node has made. Two nodes may do
   * it at once: one of them appends. INVARIANT: nothing is sealed while the chain is not the one that is known: a seal
   * over a forged run would make it whole.
   */
  round(nowMs: EpochMs, goOn?: () => boolean): Promise<readonly Seal[]>
}

/** One seal names the place of a change as narrowly as this, and takes a fraction of a second to compute. */
export const maxEventsPerSeal = 10_000

/** So many in one round: more events than the busiest server writes in a minute, and a few seconds of one core at most. */
const maxSealsPerRound = 20

/** Events are sealed within two minutes; a node that takes over from one that was killed needs some three more. */
export const mayBeUnsealedMs = 10 * 60_000

export function createAuditSealer(deps: Deps): AuditSealer {
  const { seals, transaction, signer, anchorFile, monotonicMs = () => performance.now() } = deps
  const mark = createSettledMark(() => seals.greatestEventId(), deps.monotonicMs)
  const waiting = createWaiting(monotonicMs)
  const countNext = createRounds(seals)
  let remembered: Seal | undefined
  let isChainKnown = false
  let found: AnchorFault | undefined

  const remember = (seal: Seal) => {
    remembered = seal
    const text = seal.keyId === signer.keyId ? anchorText(seal, signer) : undefined
    if (text !== undefined && anchorFile?.read() !== text) anchorFile?.write(text)
  }

  const judge = async (): Promise<ChainFault | undefined> => {
    const texts = [{ place: 'database' as const, text: await seals.readAnchor() }]
    const inFile = anchorFile === undefined ? [] : [{ place: 'file' as const, text: anchorFile.read() }]
    const fault = await judgeAnchors({ seals, present: signer }, [...texts, ...inFile], remembered)
    if (fault !== undefined) return fault
    return remembered === undefined ? await takeFirst() : await follow(remembered)
  }

  /** After a start the anchors are all that is known; they fit, so what follows them is taken. */
  const takeFirst = async () => {
    const newest = await seals.newest()
    if (newest !== undefined) remember(newest)
    return undefined
  }

  /** What other nodes have sealed since: only who has the master key can have done it. */
  const follow = async (known: Seal): Promise<ChainFault | undefined> => {
    let previous = known
    for (;;) {
      const page = await seals.listAfter(previous.position, sealsPerPage)
      for (const seal of page) {
        const follows = seal.position === previous.position + 1 && seal.previousHash === previous.hash
        if (!follows || !signer.hasSigned(seal)) return { kind: 'seal not ours', position: seal.position }
        previous = seal
      }
      if (page.length < sealsPerPage) break
    }
    if (previous !== known) remember(previous)
    return undefined
  }

  /** Another node may have cut them off since the cut was read. */
  const findGone = async (cut: Cut | undefined) => {
    const gone = await countNext(cut)
    if (gone === undefined) return undefined
    const later = await seals.newestCut()
    return later !== undefined && later.sealPosition >= gone.seal.position ? undefined : gone
  }

  const watch = async () => {
    isChainKnown = false
    found = await judge()
    if (found !== undefined) return found
    isChainKnown = true
    const first = await seals.firstEventAfter(remembered?.lastEventId ?? 0)
    const unsealed = waiting.judge(first?.id)
    const { cut, fault } = await judgeCut(seals, { present: signer })
    found = fault ?? (await findGone(cut)) ?? unsealed
    return found
  }

  return {
    watch,
    fault: () => found,
    async begin({ isNew, isAnchored }) {
      const inDatabase = await seals.readAnchor()
      if (isNew || (inDatabase === undefined && !isAnchored)) {
        const newest = await seals.newest()
        // A chain of a former master key is anchored with its first seal of this one.
        const isOurs = newest !== undefined && signer.hasSigned(newest)
        const text = anchorText(isOurs ? newest : genesis(signer), signer)
        await transaction(stores => stores.seals.writeAnchor(text))
        // A file of an earlier database says nothing about this one; a file of this one stays.
        if (isNew || anchorFile?.read() === undefined) anchorFile?.write(text)
      }
      await watch()
    },
    async round(nowMs, goOn = () => true) {
      await watch()
      // A fault among the events is no reason to leave the next ones unsealed.
      if (!isChainKnown) return []
      const throughId = mark.settledId(nowMs)
      const made =
        throughId === undefined
          ? []
          : await sealThrough(deps, remembered, { throughId, nowMs, goOn, remember })
      await mark.look(nowMs)
      return made
    },
  }
}

const sealsPerPage = 100

/** For how long the first event that is not sealed has been the same one, by the steady clock of this process. */
function createWaiting(monotonicMs: () => number) {
  let seen: { readonly id: number; readonly sinceMs: number } | undefined
  return {
    judge(firstEventId: number | undefined): AnchorFault | undefined {
      if (firstEventId === undefined) seen = undefined
      else if (seen?.id !== firstEventId) seen = { id: firstEventId, sinceMs: monotonicMs() }
      if (seen === undefined) return undefined
      const waitedMs = monotonicMs() - seen.sinceMs
      if (waitedMs < mayBeUnsealedMs) return undefined
      return { kind: 'unsealed', firstEventId: seen.id, minutes: Math.floor(waitedMs / 60_000) }
    },
  }
}

interface Limits {
  readonly throughId: number
  readonly nowMs: EpochMs
  readonly goOn: () => boolean
  readonly remember: (seal: Seal) => void
}

/** Seals whatever is not sealed yet up to this id, which must have settled. */
async function sealThrough(
  deps: Deps,
  remembered: Seal | undefined,
  { throughId, nowMs, goOn, remember }: Limits,
): Promise<readonly Seal[]> {
  const made: Seal[] = []
  // INVARIANT: never from what the table says now: seals that are removed in this moment are not made anew.
  let newest = remembered
  while (made.length < maxSealsPerRound && (newest?.lastEventId ?? 0) < throughId && goOn()) {
    const seal = await nextSeal(deps, newest, { throughId, nowMs })
    if (seal === undefined || !(await append(deps, seal))) break
    remember(seal)
    made.push(seal)
    newest = seal
  }
  return made
}

const append = ({ transaction, signer }: Deps, seal: Seal): Promise<boolean> =>
  transaction(async ({ seals }) => {
    const isAppended = await seals.append(seal)
    if (isAppended) await seals.writeAnchor(anchorText(seal, signer))
    return isAppended
  })

/**
 * The seal of the next run; undefined when no event is left there, which only happens after events were deleted from
 * the database.
 */
async function nextSeal(
  { seals, signer }: Deps,
  previous: Seal | undefined,
  { throughId, nowMs }: Pick<Limits, 'throughId' | 'nowMs'>,
): Promise<Seal | undefined> {
  const opening = {
    position: (previous?.position ?? 0) + 1,
    firstEventId: (previous?.lastEventId ?? 0) + 1,
    previousHash: previous?.hash ?? noHash,
    sealedAtMs: nowMs,
    keyId: signer.keyId,
  }
  const hash = sealHash(opening)
  let closing = { lastEventId: 0, eventCount: 0 }
  const range = { afterId: previous?.lastEventId ?? null, throughId }
  for await (const { id, columns } of readRun(seals, range, maxEventsPerSeal)) {
    hash.add(columns)
    closing = { lastEventId: id, eventCount: closing.eventCount + 1 }
  }
  if (closing.eventCount === 0) return undefined
  return signer.sign({ ...opening, ...closing, hash: hash.finish(closing) })
}
