import { setImmediate as nextTurn } from 'node:timers/promises'
import type { AuditChain, EventRange, EventToLink } from './audit-chain.sql.ts'
import { type AuditLink, type AuditVerifier, type Cut, linkHash, noHash } from './audit-link.ts'

/** What does not fit at one link. `found` is how many events its run holds now. */
export type LinkFault =
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
interface KnownKeys {
  readonly present?: AuditVerifier | undefined
  readonly ofCheckpoint?: AuditVerifier | undefined
}

/** The keys, and up to which link a cut that is ours has removed the events. */
export interface Known extends KnownKeys {
  readonly cutPosition?: number | undefined
}

/** What verifying one link after the other carries on. */
export interface Progress {
  readonly previous: AuditLink | undefined
  /** Whether nothing was wrong with it. Else it is no wonder that this one does not follow it, and no second fault. */
  readonly isPreviousSound: boolean
  /** Whether a link of the present key has come: a holder of a former key cannot continue the chain after it. */
  readonly isPresent: boolean
}

/** All that is wrong with a link: its place, its signature, the link before it, its events. */
export async function verifyLink(
  chain: Pick<AuditChain, 'readEvents'>,
  link: AuditLink,
  known: Known,
  progress: Progress,
): Promise<readonly LinkFault[]> {
  const signature = checkSignature(link, known, progress)
  // What such a link says of its place and its events counts for nothing.
  if (signature !== undefined) return [signature]
  const isCut = link.position <= (known.cutPosition ?? 0)
  const events = isCut ? undefined : await verifyEvents(chain, link, known)
  return [checkPlace(link, progress), events].filter(fault => fault !== undefined)
}

function checkPlace(link: AuditLink, { previous, isPreviousSound }: Progress): LinkFault | undefined {
  const expected = (previous?.position ?? 0) + 1
  if (link.position > expected) return { kind: 'seals missing', fromPosition: expected }
  if (link.position < expected) return { kind: 'seal changed' }
  const follows =
    link.previousHash === (previous?.hash ?? noHash) && link.firstEventId === (previous?.lastEventId ?? 0) + 1
  return follows || !isPreviousSound ? undefined : { kind: 'wrong predecessor' }
}

function checkSignature(link: AuditLink, keys: KnownKeys, { isPresent }: Progress): LinkFault | undefined {
  const { present, ofCheckpoint } = keys
  if (!isAnyKnown(keys)) return undefined
  const verifier = [present, ofCheckpoint].find(key => key?.keyId === link.keyId)
  if (verifier === undefined) return { kind: 'unknown key' }
  if (!verifier.hasSigned(link)) return { kind: 'seal changed' }
  return isPresent && verifier.keyId !== present?.keyId ? { kind: 'former key again' } : undefined
}

/** Without any key a link is as doubtful as its events. */
export const isAnyKnown = ({ present, ofCheckpoint }: KnownKeys): boolean =>
  present !== undefined || ofCheckpoint !== undefined

/** The events of the link's run, as the database has them now. */
export async function verifyEvents(
  chain: Pick<AuditChain, 'readEvents'>,
  link: AuditLink,
  keys: KnownKeys,
): Promise<LinkFault | undefined> {
  const { position, firstEventId, lastEventId, eventCount } = link
  const hash = linkHash(link)
  let found = 0
  // Without a lower bound at the first link: an event that was put in before the first one is found, too.
  const range = { afterId: position === 1 ? null : firstEventId - 1, throughId: lastEventId }
  for await (const { columns } of readRun(chain, range)) {
    hash.add(columns)
    found += 1
  }
  if (hash.finish({ lastEventId, eventCount: found }) === link.hash && found === eventCount) return undefined
  if (!isAnyKnown(keys)) return { kind: 'events or seal changed' }
  if (found === eventCount) return { kind: 'events changed' }
  return { kind: found < eventCount ? 'events missing' : 'events added', found }
}

export type CutFault =
  | { readonly kind: 'cut not ours'; readonly throughEventId: number }
  | { readonly kind: 'cut contradicted'; readonly throughEventId: number }

interface VerifiedCut {
  /** The newest cut, when nothing is wrong with it. */
  readonly cut?: Cut
  readonly fault?: CutFault
}

/** Whether the newest cut is signed with a key that counts, and ends where the chain has the link that it names. */
export async function verifyCut(
  chain: Pick<AuditChain, 'newestCut' | 'find'>,
  keys: KnownKeys,
): Promise<VerifiedCut> {
  const cut = await chain.newestCut()
  if (cut === undefined) return {}
  const { throughEventId } = cut
  const link = await chain.find(cut.linkPosition)
  if (isAnyKnown(keys) && !isSigned(cut, link, keys))
    return { fault: { kind: 'cut not ours', throughEventId } }
  if (link?.hash !== cut.linkHash || link.lastEventId !== throughEventId) {
    return { fault: { kind: 'cut contradicted', throughEventId } }
  }
  return { cut }
}

/**
 * A cut signed by a former master key counts as much as the links under it: a checkpoint vouches for both, and without
 * one `audit verify` reports the key of those links as unknown. A holder of a former key cannot make a cut of the
 * present one.
 */
function isSigned(cut: Cut, link: AuditLink | undefined, { present, ofCheckpoint }: KnownKeys): boolean {
  if (present?.hasSignedCut(cut)) return true
  const isOfFormerKey = cut.keyId !== present?.keyId && link?.keyId === cut.keyId
  if (!isOfFormerKey) return false
  return ofCheckpoint?.keyId !== cut.keyId || ofCheckpoint.hasSignedCut(cut)
}

export interface MissingEvents {
  readonly kind: 'events gone'
  readonly link: AuditLink
  /** How many of its events are there. */
  readonly found: number
}

/** Whether the run of a link has as many events as were linked: quick, and blind to a changed one. */
async function countEventsOf(
  chain: Pick<AuditChain, 'countEvents'>,
  link: AuditLink,
): Promise<MissingEvents | undefined> {
  const found = await chain.countEvents({ afterId: link.firstEventId - 1, throughId: link.lastEventId })
  return found === link.eventCount ? undefined : { kind: 'events gone', link, found }
}

/** Small enough that requests wait a few milliseconds at most, large enough that the query costs little beside its rows. */
const eventsPerPage = 500

/**
 * The events of a range in the order of their ids, page by page: memory does not grow with the range, and requests
 * are served between two pages, as SQLite reads at once and never waits.
 */
export async function* readRun(
  chain: Pick<AuditChain, 'readEvents'>,
  { afterId, throughId }: EventRange,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<EventToLink> {
  let lastId = afterId
  for (let left = limit; left > 0; ) {
    const pageSize = Math.min(eventsPerPage, left)
    const events = await chain.readEvents({ afterId: lastId, throughId }, pageSize)
    yield* events
    if (events.length < pageSize) return
    left -= events.length
    lastId = events.at(-1)!.id
    await nextTurn()
  }
}

/** Some milliseconds of a database that is read in this process. */
const eventsPerLook = 20_000
const linksPerLook = 200

/**
 * Checks the links whose events are present in turn, some at each look, and reports where events are missing. It checks
 * the oldest first each time, since an attacker who removes events begins with them. A finding stays a fault until it
 * is repaired.
 */
export function createEventCounting(
  chain: Pick<AuditChain, 'listAfter' | 'countEvents'>,
): (cut: Cut | undefined) => Promise<MissingEvents | undefined> {
  let reached = 0
  let known: AuditLink | undefined

  const countAfter = async (position: number, most: number) => {
    const page = await chain.listAfter(position, most)
    let counted = 0
    for (const link of page) {
      const fault = await countEventsOf(chain, link)
      if (fault !== undefined) return { fault, position: link.position }
      counted += link.eventCount
      if (counted >= eventsPerLook) return { position: link.position }
    }
    return { position: page.length < most ? 0 : page.at(-1)!.position }
  }

  return async cut => {
    const start = cut?.linkPosition ?? 0
    if (known !== undefined && known.position > start) {
      const fault = await countEventsOf(chain, known)
      if (fault !== undefined) return fault
    }
    known = undefined
    const oldest = await countAfter(start, 1)
    const next =
      oldest.fault === undefined ? await countAfter(Math.max(start, reached), linksPerLook) : oldest
    reached = next.position
    known = next.fault?.link
    return next.fault
  }
}
