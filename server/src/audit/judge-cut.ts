import type { Cut } from './cut.ts'
import { isAnyKnown, type KnownKeys } from './judge-seal.ts'
import type { Seal } from './seal.ts'
import type { SealStore } from './seal-store.ts'

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
