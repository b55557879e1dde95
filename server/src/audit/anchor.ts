import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { fromRfc3339, toRfc3339 } from '../kernel/index.ts'
import type { AuditChain } from './audit-chain.sql.ts'
import { type AuditLink, type AuditSigner, AuditVerifier, noHash } from './audit-link.ts'
import type { CutFault, MissingEvents } from './verify-link.ts'

/**
 * A place outside the chain that knows its newest link: what was removed from the chain, or made anew, shows
 * there (ADR 30).
 */
type AnchorPlace = 'memory' | 'file' | 'database'

interface Anchor {
  readonly place: AnchorPlace
  readonly link: AuditLink
}

/** The text of a checkpoint as a place keeps it; undefined where it is not there. */
export interface AnchorText {
  readonly place: Exclude<AnchorPlace, 'memory'>
  readonly text: string | undefined
}

/** What can be wrong with the audit, as far as it shows without reading it whole. */
export type AnchorFault = AnchorMismatch | CutFault | MissingEvents | Unlinked

/** The chain is another one than is known. */
export type AnchorMismatch =
  | { readonly kind: 'chain too short'; readonly anchor: Anchor; readonly newestPosition: number }
  | { readonly kind: 'another chain'; readonly anchor: Anchor }
  | { readonly kind: 'anchor missing' }
  | { readonly kind: 'anchor unreadable'; readonly place: AnchorPlace }
  | { readonly kind: 'seal not ours'; readonly position: number }

interface Unlinked {
  readonly kind: 'unsealed'
  readonly firstEventId: number
  readonly minutes: number
}

/** What stands in the place of a link before the first one. */
export const genesis = (signer: AuditSigner): AuditLink =>
  signer.sign({
    position: 0,
    firstEventId: 0,
    lastEventId: 0,
    eventCount: 0,
    previousHash: noHash,
    hash: noHash,
    linkedAtMs: 0,
    keyId: signer.keyId,
  })

export const anchorText = (link: AuditLink, signer: AuditVerifier): string => writeCheckpoint(link, signer)

interface CheckedChain {
  readonly chain: Pick<AuditChain, 'find' | 'newest'>
  /** The key of the present master key, when that is at hand: without it an anchor is compared, not believed. */
  readonly present?: AuditVerifier | undefined
}

/**
 * Whether the chain still holds what these places know of it. Only the place in the database must be there: a file is
 * made by the first start, and does not come along with a copy of the database.
 */
export async function checkAnchors(
  { chain, present }: CheckedChain,
  texts: readonly AnchorText[],
  remembered?: AuditLink,
): Promise<AnchorMismatch | undefined> {
  const newest = await chain.newest()
  if (newest !== undefined && present?.keyId === newest.keyId && !present.hasSigned(newest)) {
    return { kind: 'seal not ours', position: newest.position }
  }
  const anchors: Anchor[] = remembered === undefined ? [] : [{ place: 'memory', link: remembered }]
  for (const { place, text } of texts) {
    if (text === undefined && place === 'database') return { kind: 'anchor missing' }
    if (text === undefined) continue
    const read = readCheckpoint(text)
    if (read === undefined || !isOurs(read, present, newest)) return { kind: 'anchor unreadable', place }
    anchors.push({ place, link: read.link })
  }
  for (const anchor of anchors) {
    const fault = await compare(chain, anchor, newest)
    if (fault !== undefined) return fault
  }
  return undefined
}

/** After a change of the master key the anchor is signed with the former one, until the first link of the present one. */
const isOurs = (
  { link }: Checkpoint,
  present: AuditVerifier | undefined,
  newest: AuditLink | undefined,
): boolean => present === undefined || link.keyId === present.keyId || link.keyId === newest?.keyId

async function compare(
  chain: Pick<AuditChain, 'find'>,
  anchor: Anchor,
  newest: AuditLink | undefined,
): Promise<AnchorMismatch | undefined> {
  const { position, hash, signature } = anchor.link
  if (position === 0) return undefined
  const present = await chain.find(position)
  if (present === undefined) {
    return { kind: 'chain too short', anchor, newestPosition: newest?.position ?? 0 }
  }
  return present.hash === hash && present.signature === signature
    ? undefined
    : { kind: 'another chain', anchor }
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
      return `${places[fault.anchor.place]} seal ${fault.anchor.link.position}, and the chain ends with ${fault.newestPosition}: seals were removed`
    case 'another chain':
      return `${places[fault.anchor.place]} another seal ${fault.anchor.link.position} than the chain: it was made anew`
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
      const { position, firstEventId, lastEventId, eventCount } = fault.link
      return `seal ${position} is over ${eventCount} events, ${firstEventId} to ${lastEventId}, and ${fault.found} are there: some were removed or added, and not by a cut`
    }
    case 'unsealed':
      return `the events from ${fault.firstEventId} on have not been sealed for ${fault.minutes} minutes, and two are enough`
  }
}

/** A link that was kept elsewhere, and the key that it was signed with. */
export interface Checkpoint {
  readonly link: AuditLink
  readonly verifier: AuditVerifier
}

/** A signed link as JSON, to be kept where an attacker who can write to the database cannot reach it. */
export const writeCheckpoint = (link: AuditLink, { publicJwk }: AuditVerifier): string =>
  `${JSON.stringify(
    {
      position: link.position,
      first_event_id: link.firstEventId,
      last_event_id: link.lastEventId,
      event_count: link.eventCount,
      previous_hash: link.previousHash,
      hash: link.hash,
      sealed_at: toRfc3339(link.linkedAtMs),
      key_id: link.keyId,
      public_jwk: publicJwk,
      signature: link.signature,
    },
    null,
    2,
  )}\n`

/** Reads what `writeCheckpoint` wrote; undefined when anything in it is missing or changed. */
export function readCheckpoint(text: string): Checkpoint | undefined {
  try {
    const written = JSON.parse(text) as Record<string, unknown> & { public_jwk: { x: string } }
    const verifier = new AuditVerifier({ x: String(written.public_jwk.x) })
    const link: AuditLink = {
      position: Number(written.position),
      firstEventId: Number(written.first_event_id),
      lastEventId: Number(written.last_event_id),
      eventCount: Number(written.event_count),
      previousHash: String(written.previous_hash),
      hash: String(written.hash),
      linkedAtMs: fromRfc3339(String(written.sealed_at)),
      keyId: String(written.key_id),
      signature: String(written.signature),
    }
    return verifier.hasSigned(link) ? { link, verifier } : undefined
  } catch {
    // Not JSON, or no key in it: whatever differs, it is no checkpoint of ours.
    return undefined
  }
}

export type AnchorFile = ReturnType<typeof anchorFileAt>

/**
 * A checkpoint in a file beside the database that is always whole: a new one takes the place of the old one by its name.
 * PostgreSQL has none.
 */
export const anchorFileAt = (path: string) => ({
  read(): string | undefined {
    try {
      return readFileSync(path, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
  },
  write(checkpoint: string): void {
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
