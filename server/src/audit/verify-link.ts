import { setImmediate as nextTurn } from 'node:timers/promises'
import type { EventRange, EventToSeal, SealStore } from './audit-chain.sql.ts'
import { type Cut, noHash, type Seal, type SealVerifier, sealHash } from './audit-link.ts'

/** What does not fit at one seal. `found` is how many events its run holds now. */
export type SealFault =
  | { readonly kind: 'seals missing'; readonly fromPosition: number }
  | { readonly kind: 'unknown key' }
  | { readonly kind: 'former key again' }
  | { readonly kind: 'seal changed' }
  | { readonly kind: 'wrong predecessor' }
  | { readonly kind: 'events missing'; readonly found: number }
  | { readonly kind: 'events added'; readonly found: number }
  | { readonly kind: 'events changed' }
  | { readonly kind: 'events or seal changed' }

/** The keys that count: the present one, and that of a checkpoint, which may be a former one. */
export interface KnownKeys {
  readonly present?: SealVerifier | undefined
  readonly ofCheckpoint?: SealVerifier | undefined
}

/** The keys, and up to which seal a cut that is ours has removed the events. */
export interface Known extends KnownKeys {
  readonly cutPosition?: number | undefined
}

/** What judging one seal after the other carries on. */
export interface Progress {
  readonly previous: Seal | undefined
  /** Whether nothing was wrong with it. Else it is no wonder that this one does not follow it, and no second fault. */
  readonly isPreviousSound: boolean
  /** Whether a seal of the present key has come: a holder of a former key cannot continue the chain after it. */
  readonly isPresent: boolean
}

/** All that is wrong with a seal: its place, its signature, the seal before it, its events. */
export async function judgeSeal(
  seals: Pick<SealStore, 'readEvents'>,
  seal: Seal,
  known: Known,
  progress: Progress,
): Promise<readonly SealFault[]> {
  const signature = judgeSignature(seal, known, progress)
  // What such a seal says of its place and its events counts for nothing.
  if (signature !== undefined) return [signature]
  const isCut = seal.position <= (known.cutPosition ?? 0)
  const events = isCut ? undefined : await judgeEvents(seals, seal, known)
  return [judgePlace(seal, progress), events].filter(fault => fault !== undefined)
}

function judgePlace(seal: Seal, { previous, isPreviousSound }: Progress): SealFault | undefined {
  const expected = (previous?.position ?? 0) + 1
  if (seal.position > expected) return { kind: 'seals missing', fromPosition: expected }
  if (seal.position < expected) return { kind: 'seal changed' }
  const follows =
    seal.previousHash === (previous?.hash ?? noHash) && seal.firstEventId === (previous?.lastEventId ?? 0) + 1
  return follows || !isPreviousSound ? undefined : { kind: 'wrong predecessor' }
}

function judgeSignature(seal: Seal, keys: KnownKeys, { isPresent }: Progress): SealFault | undefined {
  const { present, ofCheckpoint } = keys
  if (!isAnyKnown(keys)) return undefined
  const verifier = [present, ofCheckpoint].find(key => key?.keyId === seal.keyId)
  if (verifier === undefined) return { kind: 'unknown key' }
  if (!verifier.hasSigned(seal)) return { kind: 'seal changed' }
  return isPresent && verifier.keyId !== present?.keyId ? { kind: 'former key again' } : undefined
}

/** Without any key a seal is as doubtful as its events. */
export const isAnyKnown = ({ present, ofCheckpoint }: KnownKeys): boolean =>
  present !== undefined || ofCheckpoint !== undefined

/** The events of the seal's run, as the database has them now. */
export async function judgeEvents(
  seals: Pick<SealStore, 'readEvents'>,
  seal: Seal,
  keys: KnownKeys,
): Promise<SealFault | undefined> {
  const { position, firstEventId, lastEventId, eventCount } = seal
  const hash = sealHash(seal)
  let found = 0
  // Without a lower bound at the first seal: an event that was put in before the first one is found, too.
  const range = { afterId: position === 1 ? null : firstEventId - 1, throughId: lastEventId }
  for await (const { columns } of readRun(seals, range)) {
    hash.add(columns)
    found += 1
  }
  if (hash.finish({ lastEventId, eventCount: found }) === seal.hash && found === eventCount) return undefined
  if (!isAnyKnown(keys)) return { kind: 'events or seal changed' }
  if (found === eventCount) return { kind: 'events changed' }
  return { kind: found < eventCount ? 'events missing' : 'events added', found }
}

export type CutFault =
  | { readonly kind: 'cut not ours'; readonly throughEventId: number }
  | { readonly kind: 'cut contradicted'; readonly throughEventId: number }

interface JudgedCut {
  /** The newest cut, when nothing is wrong with it. */
  readonly cut?: Cut
  readonly fault?: CutFault
}

/** Whether the newest cut is signed with a key that counts, and ends where the chain has the seal that it names. */
export async function judgeCut(
  seals: Pick<SealStore, 'newestCut' | 'find'>,
  keys: KnownKeys,
): Promise<JudgedCut> {
  const cut = await seals.newestCut()
  if (cut === undefined) return {}
  const { throughEventId } = cut
  const seal = await seals.find(cut.sealPosition)
  if (isAnyKnown(keys) && !isSigned(cut, seal, keys))
    return { fault: { kind: 'cut not ours', throughEventId } }
  if (seal?.hash !== cut.sealHash || seal.lastEventId !== throughEventId) {
    return { fault: { kind: 'cut contradicted', throughEventId } }
  }
  return { cut }
}

/**
 * A cut signed by a former master key counts as much as the seals under it: a checkpoint vouches for both, and without
 * one `audit verify` reports the key of those seals as unknown. A holder of a former key cannot make a cut of the
 * present one.
 */
function isSigned(cut: Cut, seal: Seal | undefined, { present, ofCheckpoint }: KnownKeys): boolean {
  if (present?.hasSignedCut(cut)) return true
  const isOfFormerKey = cut.keyId !== present?.keyId && seal?.keyId === cut.keyId
  if (!isOfFormerKey) return false
  return ofCheckpoint?.keyId !== cut.keyId || ofCheckpoint.hasSignedCut(cut)
}

export interface MissingEvents {
  readonly kind: 'events gone'
  readonly seal: Seal
  /** How many of its events are there. */
  readonly found: number
}

/** Whether the run of a seal has as many events as were sealed: quick, and blind to a changed one. */
export async function countSealed(
  seals: Pick<SealStore, 'countEvents'>,
  seal: Seal,
): Promise<MissingEvents | undefined> {
  const found = await seals.countEvents({ afterId: seal.firstEventId - 1, throughId: seal.lastEventId })
  return found === seal.eventCount ? undefined : { kind: 'events gone', seal, found }
}

/** Small enough that requests wait a few milliseconds at most, large enough that the query costs little beside its rows. */
const eventsPerPage = 500

/**
 * The events of a range in the order of their ids, page by page: memory does not grow with the range, and requests
 * are served between two pages, as SQLite reads at once and never waits.
 */
export async function* readRun(
  seals: Pick<SealStore, 'readEvents'>,
  { afterId, throughId }: EventRange,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<EventToSeal> {
  let lastId = afterId
  for (let left = limit; left > 0; ) {
    const pageSize = Math.min(eventsPerPage, left)
    const events = await seals.readEvents({ afterId: lastId, throughId }, pageSize)
    yield* events
    if (events.length < pageSize) return
    left -= events.length
    lastId = events.at(-1)!.id
    await nextTurn()
  }
}

/** Some milliseconds of a database that is read in this process. */
const eventsPerLook = 20_000
const sealsPerLook = 200

/**
 * Checks the seals whose events are present in turn, some at each look, and reports where events are missing. It checks
 * the oldest first each time, since an attacker who removes events begins with them. A finding stays a fault until it
 * is repaired.
 */
export function createRounds(
  seals: Pick<SealStore, 'listAfter' | 'countEvents'>,
): (cut: Cut | undefined) => Promise<MissingEvents | undefined> {
  let reached = 0
  let known: Seal | undefined

  const countAfter = async (position: number, most: number) => {
    const page = await seals.listAfter(position, most)
    let counted = 0
    for (const seal of page) {
      const fault = await countSealed(seals, seal)
      if (fault !== undefined) return { fault, position: seal.position }
      counted += seal.eventCount
      if (counted >= eventsPerLook) return { position: seal.position }
    }
    return { position: page.length < most ? 0 : page.at(-1)!.position }
  }

  return async cut => {
    const start = cut?.sealPosition ?? 0
    if (known !== undefined && known.position > start) {
      const fault = await countSealed(seals, known)
      if (fault !== undefined) return fault
    }
    known = undefined
    const oldest = await countAfter(start, 1)
    const next =
      oldest.fault === undefined ? await countAfter(Math.max(start, reached), sealsPerLook) : oldest
    reached = next.position
    known = next.fault?.seal
    return next.fault
  }
}
