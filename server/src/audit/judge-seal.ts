import { readRun } from './read-run.ts'
import { noHash, type Seal, sealHash } from './seal.ts'
import type { SealVerifier } from './seal-key.ts'
import type { SealStore } from './seal-store.ts'

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
