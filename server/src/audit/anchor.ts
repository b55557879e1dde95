import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { fromRfc3339, toRfc3339 } from '../kernel/index.ts'
import type { SealStore } from './audit-chain.sql.ts'
import { createSealVerifier, noHash, type Seal, type SealSigner, type SealVerifier } from './audit-link.ts'
import type { CutFault, MissingEvents } from './verify-link.ts'

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

/** A seal that was kept elsewhere, and the key that it was signed with. */
export interface Checkpoint {
  readonly seal: Seal
  readonly verifier: SealVerifier
}

/** A signed seal as JSON, to be kept where an attacker who can write to the database cannot reach it. */
export const writeCheckpoint = (seal: Seal, { publicJwk }: SealVerifier): string =>
  `${JSON.stringify(
    {
      position: seal.position,
      first_event_id: seal.firstEventId,
      last_event_id: seal.lastEventId,
      event_count: seal.eventCount,
      previous_hash: seal.previousHash,
      hash: seal.hash,
      sealed_at: toRfc3339(seal.sealedAtMs),
      key_id: seal.keyId,
      public_jwk: publicJwk,
      signature: seal.signature,
    },
    null,
    2,
  )}\n`

/** Reads what `writeCheckpoint` wrote; undefined when anything in it is missing or changed. */
export function readCheckpoint(text: string): Checkpoint | undefined {
  try {
    const written = JSON.parse(text) as Record<string, unknown> & { public_jwk: { x: string } }
    const verifier = createSealVerifier({ x: String(written.public_jwk.x) })
    const seal: Seal = {
      position: Number(written.position),
      firstEventId: Number(written.first_event_id),
      lastEventId: Number(written.last_event_id),
      eventCount: Number(written.event_count),
      previousHash: String(written.previous_hash),
      hash: String(written.hash),
      sealedAtMs: fromRfc3339(String(written.sealed_at)),
      keyId: String(written.key_id),
      signature: String(written.signature),
    }
    return verifier.hasSigned(seal) ? { seal, verifier } : undefined
  } catch {
    // Not JSON, or no key in it: whatever differs, it is no checkpoint of ours.
    return undefined
  }
}

/** A checkpoint in a file that is always whole: a new one takes the place of the old one by its name. */
export const anchorFileAt = (path: string): AnchorFile => ({
  read() {
    try {
      return readFileSync(path, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
  },
  write(checkpoint) {
    // A command may write it beside the server.
    const draft = `${path}.${process.pid}.draft`
    const file = openSync(draft, 'w', 0o600)
    try {
      writeSync(file, checkpoint)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(draft, path)
  },
})
