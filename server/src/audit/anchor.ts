import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts'
import type { CutFault, MissingEvents } from './judge-cut.ts'
import { noHash, type Seal } from './seal.ts'
import type { SealSigner, SealVerifier } from './seal-key.ts'
import type { SealStore } from './seal-store.ts'

/**
 * A place outside the chain of seals that knows its newest seal: what was removed from the chain, or made anew, shows
 * there (docs/adr/0030-audit-anchor.md).
 */
export type AnchorPlace = 'memory' | 'file' | 'database'

export interface Anchor {
  readonly place: AnchorPlace
  readonly seal: Seal
}

/** The text of a checkpoint as a place keeps it; undefined where it is not there. */
export interface AnchorText {
  readonly place: Exclude<AnchorPlace, 'memory'>
  readonly text: string | undefined
}

/** A file beside the database. PostgreSQL has none. */
export interface AnchorFile {
  read(): string | undefined
  write(checkpoint: string): void
}

/** What can be wrong with the audit, as far as it shows without reading it whole. */
export type AnchorFault = ChainFault | CutFault | MissingEvents | Unsealed

/** The chain of seals is another one than is known. */
export type ChainFault =
  | { readonly kind: 'chain too short'; readonly anchor: Anchor; readonly newestPosition: number }
  | { readonly kind: 'another chain'; readonly anchor: Anchor }
  | { readonly kind: 'anchor missing' }
  | { readonly kind: 'anchor unreadable'; readonly place: AnchorPlace }
  | { readonly kind: 'seal not ours'; readonly position: number }

interface Unsealed {
  readonly kind: 'unsealed'
  readonly firstEventId: number
  readonly minutes: number
}

/** What stands in the place of a seal before the first one. */
export const genesis = (signer: SealSigner): Seal =>
  signer.sign({
    position: 0,
    firstEventId: 0,
    lastEventId: 0,
    eventCount: 0,
    previousHash: noHash,
    hash: noHash,
    sealedAtMs: 0,
    keyId: signer.keyId,
  })

export const anchorText = (seal: Seal, signer: SealVerifier): string => writeCheckpoint(seal, signer)

interface Judged {
  readonly seals: Pick<SealStore, 'find' | 'newest'>
  /** The key of the present master key, when that is at hand: without it an anchor is compared, not believed. */
  readonly present?: SealVerifier | undefined
}

/**
 * Whether the chain still holds what these places know of it. Only the place in the database must be there: a file is
 * made by the first start, and does not come along with a copy of the database.
 */
export async function judgeAnchors(
  { seals, present }: Judged,
  texts: readonly AnchorText[],
  remembered?: Seal,
): Promise<ChainFault | undefined> {
  const newest = await seals.newest()
  if (newest !== undefined && present?.keyId === newest.keyId && !present.hasSigned(newest)) {
    return { kind: 'seal not ours', position: newest.position }
  }
  const anchors: Anchor[] = remembered === undefined ? [] : [{ place: 'memory', seal: remembered }]
  for (const { place, text } of texts) {
    if (text === undefined && place === 'database') return { kind: 'anchor missing' }
    if (text === undefined) continue
    const read = readCheckpoint(text)
    if (read === undefined || !isOurs(read, present, newest)) return { kind: 'anchor unreadable', place }
    anchors.push({ place, seal: read.seal })
  }
  for (const anchor of anchors) {
    const fault = await compare(seals, anchor, newest)
    if (fault !== undefined) return fault
  }
  return undefined
}

/** After a change of the master key the anchor is signed with the former one, until the first seal of the present one. */
const isOurs = ({ seal }: Checkpoint, present: SealVerifier | undefined, newest: Seal | undefined): boolean =>
  present === undefined || seal.keyId === present.keyId || seal.keyId === newest?.keyId

async function compare(
  seals: Pick<SealStore, 'find'>,
  anchor: Anchor,
  newest: Seal | undefined,
): Promise<ChainFault | undefined> {
  const { position, hash, signature } = anchor.seal
  if (position === 0) return undefined
  const held = await seals.find(position)
  if (held === undefined) {
    return { kind: 'chain too short', anchor, newestPosition: newest?.position ?? 0 }
  }
  return held.hash === hash && held.signature === signature ? undefined : { kind: 'another chain', anchor }
}

const places: Readonly<Record<AnchorPlace, string>> = {
  memory: 'this node remembers',
  file: 'the file beside the database holds',
  database: 'the table audit_anchor holds',
}

/** A fault in one sentence, with what to do where it does not follow from it. */
export function describeAnchorFault(fault: AnchorFault): string {
  switch (fault.kind) {
    case 'chain too short':
      return `${places[fault.anchor.place]} seal ${fault.anchor.seal.position}, and the chain ends with ${fault.newestPosition}: seals were removed`
    case 'another chain':
      return `${places[fault.anchor.place]} another seal ${fault.anchor.seal.position} than the chain: it was made anew`
    case 'anchor missing':
      return 'the row of the table audit_anchor is gone, so nothing in the database says how far the chain must reach'
    case 'anchor unreadable':
      return `what ${places[fault.place]} is not signed with this master key: it was changed`
    case 'seal not ours':
      return `seal ${fault.position}, the newest, was changed: its signature does not fit`
    case 'cut not ours':
      return `the cut of the audit up to event ${fault.throughEventId} is not signed with this master key: somebody else has written it`
    case 'cut contradicted':
      return `the cut of the audit up to event ${fault.throughEventId} does not end where a seal of the chain ends: it is of another audit`
    case 'events gone': {
      const { position, firstEventId, lastEventId, eventCount } = fault.seal
      return `seal ${position} is over ${eventCount} events, ${firstEventId} to ${lastEventId}, and ${fault.found} are there: some were removed or added, and not by a cut`
    }
    case 'unsealed':
      return `the events from ${fault.firstEventId} on have not been sealed for ${fault.minutes} minutes, and two are enough`
  }
}
